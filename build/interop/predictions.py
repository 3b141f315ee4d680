"""What predict.py of a folder prints, compared with the lab."""

import json

import numpy as np
from PIL import Image


def write_images(case, folder, count=4):
    """PNG files of the first images of a case, of exactly the network's size."""
    files = []
    for index, image in enumerate(case.images[:count]):
        files.append(str(folder / f"{index}.png"))
        Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else image).save(files[-1])
    return files


def assert_predictions(test, case, done):
    """Each line of `predict.py --json` has every class under its exact name, with the probability of the lab."""
    test.assertEqual(done.returncode, 0, done.stderr)
    lines = done.stdout.splitlines()
    names = case.facts["classNames"]
    for line, logits in zip(lines, case.logits):
        found = json.loads(line)["probabilities"]
        test.assertEqual(sorted(name for name, _ in found), sorted(names))
        powers = np.exp(logits - logits.max())
        shares = dict(found)
        for name, wanted in zip(names, powers / powers.sum(), strict=True):
            test.assertAlmostEqual(shares[name], wanted, delta=1e-4, msg=repr(name))
        test.assertEqual(found[0][0], names[int(logits.argmax())])
    test.assertGreater(len(lines), 0)
