/** The text of `images.py`. */
export const IMAGES_SOURCE = `"""Finds the images of the run in a folder by the list in images.json: by name, or by content where names changed."""

import hashlib
import json
import os
import pathlib


class ImagesError(Exception):
    """The folder does not hold the images of the run."""


def digest(path):
    """The digest of an image as split.json holds it: SHA-1, of a file above 1 MiB over its size, beginning and end."""
    size = os.path.getsize(path)
    with open(path, "rb") as file:
        if size <= 1 << 20:
            return hashlib.sha1(file.read()).hexdigest()
        head = file.read(256 * 1024)
        file.seek(size - 16 * 1024)
        return combined_digest(size, head, file.read())


def combined_digest(size, head, tail):
    text = f"{size}:{hashlib.sha1(head).hexdigest()}{hashlib.sha1(tail).hexdigest()}"
    return hashlib.sha1(text.encode()).hexdigest()


def load_part(listing, part, folder, verify):
    """Returns the paths and the classes of the images of a part, in the order of the samples of NormLab.

    A listed name whose file is missing or has another size is searched for by content. verify compares the content
    of every file. Raises ImagesError.
    """
    entries = listing[part]["images"]
    root = pathlib.Path(folder)
    if not root.is_dir():
        raise ImagesError(f"{root} is not a folder")
    paths = [root / entry["file"] for entry in entries]
    lost = [at for at, entry in enumerate(entries) if not is_same(paths[at], entry, verify)]
    if lost:
        by_content = {}
        for path in sorted(root.rglob("*")):
            if path.is_file():
                by_content.setdefault(digest(path), path)
        for at in lost:
            paths[at] = by_content.get(entries[at]["digest"])
        missing = [entries[at]["file"] for at in lost if paths[at] is None]
        if missing:
            raise ImagesError(
                f"{len(missing)} images of the {part} part are not in {root} as they were, such as {missing[0]}: "
                "copy the folder again, or write the project again for this one"
            )
    return [str(path) for path in paths], [entry["class"] for entry in entries]


def is_same(path, entry, verify):
    try:
        if os.path.getsize(path) != entry["bytes"]:
            return False
        return not verify or digest(path) == entry["digest"]
    except OSError:
        return False


def load_listing(folder):
    """The content of images.json."""
    return json.loads((pathlib.Path(folder) / "images.json").read_text("utf-8"))
`;
