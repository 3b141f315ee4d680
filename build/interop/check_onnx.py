"""ONNX files: the format's own checker, and the logits of ONNX Runtime."""

import json
import unittest

import numpy as np
import onnx
import onnxruntime

from cases import each_case


def metadata_of(model):
    return {entry.key: entry.value for entry in model.metadata_props}


def run(case, variant, images):
    session = onnxruntime.InferenceSession(case.path(variant, "onnx"), providers=["CPUExecutionProvider"])
    return session.run(["logits", "probabilities"], {"images": images})


@each_case("onnx")
class OnnxFile(unittest.TestCase):
    def check_valid(self, case, variant):
        model = onnx.load(case.path(variant, "onnx"))
        onnx.checker.check_model(model, full_check=True)
        self.assertEqual((model.ir_version, model.opset_import[0].version), (8, 17))
        metadata = metadata_of(model)
        self.assertEqual(json.loads(metadata["normlab.class_names"]), case.facts["classNames"])
        self.assertEqual(metadata["normlab.project_name"], case.facts["projectName"])
        [images] = model.graph.input
        dims = images.type.tensor_type.shape.dim
        self.assertEqual((images.name, dims[0].dim_param), ("images", "N"))
        wanted = [case.facts[key] for key in ("channels", "height", "width")]
        self.assertEqual([dim.dim_value for dim in dims[1:]], wanted)
        self.assertEqual([output.name for output in model.graph.output], ["logits", "probabilities"])

    def check_batch_norm_frozen(self, case, variant):
        model = onnx.load(case.path(variant, "onnx"))
        metadata = metadata_of(model)
        facts = json.loads(metadata["normlab.batch_norm"])
        norms = {node.name: node for node in model.graph.node if node.op_type == "BatchNormalization"}
        folding = json.loads(metadata.get("normlab.folding", "{}"))
        self.assertEqual("normlab.folding" in metadata, variant == "folded")
        self.assertEqual(set(norms), {name for name in facts if folding.get(name, {}).get("into") is None})
        for name, node in norms.items():
            held = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
            self.assertEqual(held["training_mode"], 0)
            self.assertEqual(len(node.output), 1)
            self.assertAlmostEqual(held["epsilon"], facts[name]["epsilon"], delta=1e-9)
            self.assertAlmostEqual(held["momentum"], facts[name]["decay"], delta=1e-6)

    def check_batch_norm_bytes(self, case, variant):
        model = onnx.load(case.path(variant, "onnx"))
        held = {each.name: onnx.numpy_helper.to_array(each) for each in model.graph.initializer}
        for node in model.graph.node:
            if node.op_type == "BatchNormalization":
                for name, field in zip(node.input[1:], ("weight", "bias", "running_mean", "running_var"), strict=True):
                    case.assert_bytes(self, variant, f"{node.name}.{field}", held[name], "ONNX")

    def check_logits(self, case, variant):
        logits, probabilities = run(case, variant, case.planes())
        case.assert_logits(self, logits, "ONNX Runtime")
        powers = np.exp(case.logits - case.logits.max(axis=1, keepdims=True))
        wanted = powers / powers.sum(axis=1, keepdims=True)
        np.testing.assert_allclose(probabilities, wanted, atol=1e-5)

    def check_batch_of_one(self, case, variant):
        rows = [run(case, variant, case.planes()[n : n + 1])[0] for n in range(len(case.exact))]
        case.assert_logits(self, np.concatenate(rows))
