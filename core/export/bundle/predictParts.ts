/** Parts of `predict.py` that folders for all frameworks share; a writer puts them between its own functions. */
export const PREDICT_PARTS = {
  /** Constants from the manifest. */
  settings: `HERE = pathlib.Path(__file__).resolve().parent
MANIFEST = json.loads((HERE / "normlab.json").read_text("utf-8"))
PREPROCESSING = MANIFEST["preprocessing"]
CLASSES = MANIFEST["class_names"]
SIZE = PREPROCESSING["width"], PREPROCESSING["height"]


`,
  /** Reads and classifies images; `shares_of` of the framework computes. */
  predict: `def predict(network, paths, batch_size):
    """Yields (path, probabilities) in order, and (path, an error) for an image that cannot be read."""
    for start in range(0, len(paths), batch_size):
        images, read = [], []
        for path in paths[start : start + batch_size]:
            try:
                images.append(load_image(path))
                read.append((path, None))
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
                read.append((path, error))
        rows = iter(())
        if images:
            rows = iter(shares_of(network, images))
        for path, error in read:
            yield path, next(rows) if error is None else error


`,
  /** The size of an image before its centre is cropped, and where the crop begins. */
  sizes: `def rounded(value):
    return max(1, math.floor(value + 0.5))


def size_before_crop(width, height):
    """Returns the size that an image is resized to before it is cropped or padded to SIZE."""
    wanted_width, wanted_height = SIZE
    policy = PREPROCESSING["resize"]
    if policy == "stretch":
        return SIZE
    if policy == "crop":
        wide, high = PREPROCESSING["resize_width"], PREPROCESSING["resize_height"]
        if width * high < height * wide:
            return wide, wide * height // width
        return high * width // height, high
    by_width, by_height = width / wanted_width, height / wanted_height
    width_decides = by_width > by_height if policy == "fit" else by_width < by_height
    if width_decides:
        return wanted_width, rounded(height / by_width)
    return rounded(width / by_height), wanted_height


def offset(full, wanted):
    """Returns the first pixel that is kept; negative where black pixels come before the image."""
    if PREPROCESSING["resize"] == "crop":
        return round((full - wanted) / 2)
    return (full - wanted + 1) // 2 if full >= wanted else -((wanted - full) // 2)


`,
  /** An image as sRGB, upright and in the size of the input, up to Pillow's image. */
  images: `def to_srgb(image):
    """Returns the image in RGB: converted from an embedded color profile, and over black where it is transparent."""
    profile = image.info.get("icc_profile")
    if image.mode == "F" or image.mode.startswith("I"):
        image = from_deep(image)
    if "A" in image.getbands() or "transparency" in image.info:
        alpha = image.convert("RGBA").getchannel("A")
        image = ImageChops.multiply(image.convert("RGBA").convert("RGB"), Image.merge("RGB", [alpha] * 3))
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        base = image if image.mode == "CMYK" else image.convert("RGB")
        try:
            return ImageCms.profileToProfile(base, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except ImageCms.PyCMSError:
            pass  # A profile of another color space: the values count as sRGB.
    return image.convert("RGB")


def upright_box(orientation, size, box):
    """Returns where the box of a stored image of this size is after the image has been turned upright."""
    left = size[0] - box[2] if orientation in (2, 3, 7, 8) else 0
    top = size[1] - box[3] if orientation in (3, 4, 6, 7) else 0
    across, down = (left, left + box[2]), (top, top + box[3])
    if orientation >= 5:
        across, down = down, across
    return across[0], down[0], across[1], down[1]


def with_all_bits(image):
    """Returns an opened image; raises ValueError where Pillow drops bits that the ranges of the manifest need."""
    if image.format == "PNG" and image.mode == "I":
        return image.convert("I;16")  # Older versions of Pillow open 16 bits of grey as 32.
    is_deep = any(";16" in str(tile[3]) for tile in image.tile) and not image.mode.startswith("I")
    if is_deep and "uint16" in PREPROCESSING.get("value_ranges", {}):
        raise ValueError("Pillow reads only the high bytes of its colors of 16 bits; make it grey or 8 bits")
    return image


def load_image(path):
    """Returns the image at path as bytes [C, H, W] in the size of the network's input."""
    with Image.open(path) as opened:
        image = with_all_bits(opened)
        orientation = image.getexif().get(0x0112, 1)
        is_turned = 5 <= orientation <= 8
        full = size_before_crop(*(image.size[::-1] if is_turned else image.size))
        drafted = None
        if PREPROCESSING["resize"] != "crop":
            # Decodes a large JPEG smaller, by 2, 4 or 8; the last row and column may then be parts of a pixel.
            drafted = image.draft(None, full[::-1] if is_turned else full)
        box = (0, 0, *image.size) if drafted is None else drafted[1]
        box = upright_box(orientation, image.size, box)
        image = to_srgb(ImageOps.exif_transpose(image))
    if box != (0, 0, *full):
        image = image.resize(full, Image.Resampling.BILINEAR, box)
    left, top = offset(full[0], SIZE[0]), offset(full[1], SIZE[1])
    image = image.crop((left, top, left + SIZE[0], top + SIZE[1]))
    if PREPROCESSING["channels"] == 1:
        image = image.convert("L")
`,
  /** The command line. */
  main: `def main():
    parser = argparse.ArgumentParser(description="Classifies images with the network of this folder.")
    parser.add_argument("images", nargs="*", metavar="IMAGE", help="an image file")
    parser.add_argument("--batch-size", type=int, default=32, help="images per call of the network (default 32)")
    parser.add_argument("--top", type=int, default=5, help="number of classes to print (default 5)")
    parser.add_argument("--json", action="store_true", help="print one JSON object per line")
    parser.add_argument("--check", action="store_true", help="compare the golden outputs and stop")
    options = parser.parse_args()
    if options.batch_size < 1 or options.top < 1:
        parser.error("--batch-size and --top are at least 1")
    network = load_network()
    if options.check:
        return 0 if check(network) else 1
    if not options.images:
        parser.error("name an image file, or use --check")
    failed = False
    for path, result in predict(network, options.images, options.batch_size):
        if isinstance(result, Exception):
            failed = True
            print(f"{path}: {result}", file=sys.stderr)
            continue
        ranked = sorted(zip(result, CLASSES), key=lambda each: -each[0])[: options.top]
        if options.json:
            print(json.dumps({"file": path, "probabilities": [[name, share] for share, name in ranked]}))
        else:
            print(path)
            for share, name in ranked:
                print(f"  {name}  {share:.4f}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
`,
} as const;
