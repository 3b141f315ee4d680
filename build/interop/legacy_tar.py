"""Writes the tar archives of torch.save before PyTorch 0.1.10, which torch.load still reads (`legacy_load`)."""

import io
import pickle
import struct
import tarfile


def save_tar(state, path):
    """`state` maps names to tensors; tensors of one storage share it in the file."""
    import torch

    storages, tensors, keys = io.BytesIO(), io.BytesIO(), {}
    roots = {}
    for name, tensor in state.items():
        roots.setdefault(tensor.storage().data_ptr(), (len(roots) + 1, tensor))
        keys[id(tensor)] = 1000 + len(keys)
    pickle.dump(len(roots), storages, 2)
    for key, tensor in roots.values():
        storage = tensor.storage()
        pickle.dump((key, "cpu", getattr(torch, type_name(tensor))), storages, 2)
        flat = torch.tensor([], dtype=tensor.dtype).set_(storage)
        storages.write(struct.pack("<q", len(flat)) + flat.numpy().tobytes())
    pickle.dump([], storages, 2)
    pickle.dump(len(state), tensors, 2)
    for tensor in state.values():
        root, _ = roots[tensor.storage().data_ptr()]
        pickle.dump((keys[id(tensor)], root, torch.FloatTensor), tensors, 2)
        rank = tensor.dim()
        tensors.write(struct.pack(f"<ii{rank}q{rank}qq", rank, 0, *tensor.size(), *tensor.stride(), tensor.storage_offset()))
    main = io.BytesIO()
    pickler = pickle.Pickler(main, 2)
    pickler.persistent_id = lambda value: keys.get(id(value))
    pickler.dump(state)
    info = pickle.dumps({"protocol_version": 1000, "little_endian": True}, 2)
    with tarfile.open(path, "w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in [
            ("sys_info", info),
            ("pickle", main.getvalue()),
            ("tensors", tensors.getvalue()),
            ("storages", storages.getvalue()),
        ]:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))


def type_name(tensor):
    return {"torch.float32": "FloatStorage", "torch.float64": "DoubleStorage", "torch.int64": "LongStorage"}[
        str(tensor.dtype)
    ]
