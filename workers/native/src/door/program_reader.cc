#include "door/program_reader.h"

#include <map>
#include <optional>

#include "door/js_object.h"

namespace normlab {
namespace {

struct OperandField {
    const char* key;
    Operand member;
};

const OperandField kOperandFields[] = {
#define NORMLAB_OPERAND(name) {#name, &Instruction::name},
#define NORMLAB_NUMBER(name, fallback)
#include "program/fields.inc"
#undef NORMLAB_OPERAND
#undef NORMLAB_NUMBER
};

struct NumberField {
    const char* key;
    double Instruction::* member;
};

const NumberField kNumberFields[] = {
#define NORMLAB_OPERAND(name)
#define NORMLAB_NUMBER(name, fallback) {#name, &Instruction::name},
#include "program/fields.inc"
#undef NORMLAB_OPERAND
#undef NORMLAB_NUMBER
};

TensorKind kindOf(const JsObject& tensor) {
    static const std::map<std::string, TensorKind> kinds = {
        {"input", TensorKind::input},
        {"labels", TensorKind::labels},
        {"activation", TensorKind::activation},
        {"gradient", TensorKind::gradient},
        {"saved", TensorKind::saved},
        {"batchStatistic", TensorKind::batchStatistic},
        {"metric", TensorKind::metric},
        {"parameter", TensorKind::parameter},
        {"parameterGradient", TensorKind::parameterGradient},
        {"statistic", TensorKind::statistic},
    };
    const auto found = kinds.find(tensor.text("kind"));
    demand(found != kinds.end(), tensor.pathOf("kind") + " is unknown: " + tensor.text("kind"));
    return found->second;
}

// A tensor id, or kNone if null or absent.
int tensorId(const JsObject& object, const char* key, size_t count) {
    if (object.isNull(key)) return kNone;
    const int64_t id = object.integer(key);
    demand(id >= 0 && id < static_cast<int64_t>(count),
           object.pathOf(key) + " = " + std::to_string(id) + " is no tensor of the program");
    return static_cast<int>(id);
}

TensorSpec readTensor(const JsObject& object, size_t index) {
    TensorSpec tensor;
    demand(object.integer("id") == static_cast<int64_t>(index), object.pathOf("id") + " must equal its index");
    tensor.name = object.text("name");
    tensor.kind = kindOf(object);
    tensor.dims = object.integers("dims");
    tensor.batched = object.boolean("batched");
    if (!object.isNull("slot")) tensor.slot = static_cast<int>(object.integer("slot"));
    int64_t elements = 1;
    for (const int64_t dim : tensor.dims) {
        demand(dim >= 1 && dim <= (int64_t{1} << 31), object.pathOf("dims") + " must be positive");
        elements *= dim;
        demand(elements <= (int64_t{1} << 31), object.pathOf("dims") + " describe more than 2^31 values");
    }
    return tensor;
}

template <size_t Count>
void readWindowField(const JsObject& object, const char* key, int64_t least, std::array<int64_t, Count>& into) {
    if (!object.has(key)) return;
    const std::vector<int64_t> values = object.integers(key);
    demand(values.size() == Count, object.pathOf(key) + " must have " + std::to_string(Count) + " entries");
    for (size_t i = 0; i < Count; ++i) {
        demand(values[i] >= least && values[i] <= 1 << 20, object.pathOf(key) + " is out of range");
        into[i] = values[i];
    }
}

void readWindow(const JsObject& object, Instruction& out) {
    readWindowField(object, "kernel", 1, out.kernel);
    readWindowField(object, "stride", 1, out.stride);
    readWindowField(object, "dilation", 1, out.dilation);
    readWindowField(object, "padding", 0, out.padding);
    if (object.has("groups")) out.groups = object.integer("groups");
    demand(out.groups >= 1, object.pathOf("groups") + " must be at least 1");
}

std::vector<int> readIds(const JsObject& object, const char* key, size_t count) {
    std::vector<int> out;
    for (const int64_t id : object.nullableIntegers(key, kNone)) {
        demand(id >= kNone && id < static_cast<int64_t>(count), object.pathOf(key) + " names no tensor of the program");
        out.push_back(static_cast<int>(id));
    }
    return out;
}

void readLists(const JsObject& object, size_t tensors, Instruction& out) {
    if (object.has("srcs")) out.srcs = readIds(object, "srcs", tensors);
    if (object.has("diffSrcs")) out.diffSrcs = readIds(object, "diffSrcs", tensors);
    if (object.has("sizes")) out.sizes = object.integers("sizes");
}

Op readOp(const JsObject& object) {
    const std::string name = object.text("op");
    const std::optional<Op> op = opNamed(name);
    demand(op.has_value(), "op '" + name + "' is unknown to the native backend");
    return *op;
}

// `mean` is a list of numbers in normalizeInput and a tensor everywhere else.
void readOperands(const JsObject& object, size_t tensors, Instruction& out) {
    const bool hasListOfMeans = out.op == Op::normalizeInput;
    for (const OperandField& field : kOperandFields) {
        if (hasListOfMeans && field.member == &Instruction::mean) continue;
        out.*field.member = tensorId(object, field.key, tensors);
    }
    if (!hasListOfMeans) return;
    out.channelMean = object.numbers("mean");
    out.channelScale = object.numbers("scale");
}

Instruction readInstruction(const JsObject& object, size_t tensors) {
    Instruction out;
    out.op = readOp(object);
    out.node = object.text("node");
    readOperands(object, tensors, out);
    for (const NumberField& field : kNumberFields)
        if (object.has(field.key)) out.*field.member = object.number(field.key);
    readLists(object, tensors, out);
    readWindow(object, out);
    if (object.has("salt")) out.salt = static_cast<uint32_t>(object.integer("salt"));
    if (object.has("valuesPerSample")) out.valuesPerSample = object.integer("valuesPerSample");
    if (object.has("groupSize")) out.groupSize = object.integer("groupSize");
    if (object.has("averaging")) out.cumulative = object.text("averaging") == "cumulative";
    if (!object.isNull("fusedActivation")) out.fusedActivation = object.text("fusedActivation");
    if (object.has("normalizeBy")) out.normalizeByBatch = object.text("normalizeBy") == "batch";
    if (object.has("estimator")) out.unbiased = object.text("estimator") == "unbiased";
    if (object.has("reversesChannels")) out.reversesChannels = object.boolean("reversesChannels");
    if (object.has("countPadding")) out.countPadding = object.boolean("countPadding");
    if (object.has("over")) out.overPixel = object.text("over") == "pixel";
    if (object.has("fn")) out.fn = object.text("fn");
    if (object.has("interpolation")) out.interpolation = object.text("interpolation");
    if (object.has("border")) out.border = object.text("border");
    if (object.has("kind")) out.kind = object.text("kind");
    if (!object.isNull("classWeights")) out.classWeights = object.numbers("classWeights");
    return out;
}

StateLayout readState(const JsObject& object) {
    StateLayout out;
    out.parameterSize = object.integer("parameterSize");
    out.statisticsOffset = object.integer("statisticsOffset");
    out.statisticsSize = object.integer("statisticsSize");
    out.totalSize = object.integer("totalSize");
    out.momentOffsets = object.integers("momentOffsets");
    if (object.has("averageOffset")) out.averageOffset = object.integer("averageOffset");
    for (const JsObject& slot : object.objects("parameters")) {
        out.parameters.push_back({slot.integer("offset"), slot.integer("size"), slot.boolean("trainable"),
                                  slot.boolean("decayed"), slot.number("rateFactor"),
                                  slot.has("startsAfter") ? slot.integer("startsAfter") : 0});
    }
    for (const JsObject& slot : object.objects("statistics"))
        out.statistics.push_back({slot.integer("offset"), slot.integer("size")});
    return out;
}

Coefficients readCoefficients(const JsObject& object) {
    Coefficients out;
    for (const std::string& name : object.keys()) out.set(name, object.numberOrFlag(name.c_str()));
    return out;
}

// The optimizer and the moments of its state, which must be those of the native step.
void readKind(const JsObject& object, OptimizerPlan& out) {
    const std::string kind = object.text("kind");
    out.optimizer = optimizerNamed(kind);
    demand(out.optimizer != nullptr, object.pathOf("kind") + " is unknown: " + kind);
    out.coefficients = readCoefficients(object.object("coefficients"));
    demand(object.texts("moments") == out.optimizer->moments(out.coefficients),
           object.pathOf("moments") + " are not those of the native optimizer " + kind);
}

OptimizerPlan readOptimizer(const JsObject& object) {
    OptimizerPlan out;
    readKind(object, out);
    out.l1 = object.number("l1");
    out.l2 = object.number("l2");
    if (object.has("clipping")) {
        const JsObject clipping = object.object("clipping");
        const std::string by = clipping.text("by");
        demand(by == "norm" || by == "value", clipping.pathOf("by") + " is unknown: " + by);
        out.clipping = by == "norm" ? Clipping::norm : Clipping::value;
        out.clipLimit = clipping.number("limit");
    }
    if (object.has("accumulates")) out.accumulates = object.boolean("accumulates");
    if (object.has("averageDecay")) out.averageDecay = object.number("averageDecay");
    return out;
}

void readOutputs(const JsObject& object, Program& out) {
    const size_t count = out.tensors.size();
    const JsObject inputs = object.object("inputs"), outputs = object.object("outputs");
    out.images = tensorId(inputs, "images", count);
    out.labels = tensorId(inputs, "labels", count);
    out.logits = tensorId(outputs, "logits", count);
    out.loss = tensorId(outputs, "loss", count);
    out.correct = tensorId(outputs, "correct", count);
    out.inputGradient = tensorId(outputs, "inputGradient", count);
    if (outputs.has("taps")) {
        for (const JsObject& tap : outputs.objects("taps")) {
            out.taps.push_back({tensorId(tap, "value", count), tensorId(tap, "gradient", count)});
            demand(out.taps.back().value != kNone, tap.pathOf("value") + " must be a tensor");
        }
    }
    demand(out.images != kNone && out.logits != kNone, object.path() + " must have images and logits");
}

}  // namespace

Program readProgram(Napi::Value value) {
    const JsObject object(value, "program");
    Program out;
    out.training = object.text("mode") == "train";
    out.bytesInput = object.text("inputType") == "u8";
    out.inputShape = object.integers("inputShape");
    out.classes = object.integer("classes");
    out.logitCount = object.integer("logitCount");
    out.weightsOffset = object.integer("weightsOffset");
    const std::vector<JsObject> tensors = object.objects("tensors");
    for (size_t i = 0; i < tensors.size(); ++i) out.tensors.push_back(readTensor(tensors[i], i));
    for (const JsObject& item : object.objects("instructions"))
        out.instructions.push_back(readInstruction(item, tensors.size()));
    out.state = readState(object.object("state"));
    if (!object.isNull("optimizer")) out.optimizer = readOptimizer(object.object("optimizer"));
    readOutputs(object, out);
    return out;
}

}  // namespace normlab
