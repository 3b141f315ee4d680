import { describe, expect, it } from 'vitest';
import { functionsOf } from './cppFunctions.ts';

const told = (source: string): string[] =>
  functionsOf(source).map(({ name, line, lines }) => `${name} ${String(line)} ${String(lines)}`);

describe('functionsOf', () => {
  it('finds functions and member functions in namespaces and classes', () => {
    const source = `namespace a {
namespace {
struct S : Base {
    int at(int i) const { return i; }
    std::vector<int> ids{1, 2};
};
}  // namespace
template <typename T>
std::vector<T> make(const T& one,
                    int count) {
    return {one};
}
}  // namespace a
`;
    expect(told(source)).toEqual(['at 4 1', 'make 10 3']);
  });

  it('counts lambdas and blocks with the function that they stand in', () => {
    const source = `void run(int n) {
    each(n, [&](int i) {
        if (i > 0) {
            work();
        }
    });
}
`;
    expect(told(source)).toEqual(['run 1 7']);
  });

  it('is not misled by comments, texts, characters and preprocessor lines', () => {
    const source = `// void f() {
/* { */
#define OPEN() \\
    {
const char* text = "}{\\"{";
const int64_t kMost = 16'384;
char brace() { return '{'; }
`;
    expect(told(source)).toEqual(['brace 7 1']);
  });

  it('knows constructors with initializer lists, enumerations and tables', () => {
    const source = `enum class Op { a, b };
const Row kRows[] = {
    {"a", [](int i) { return i; }},
};
Session::Session(int n) : threads_{n}, count_(n) {
    start();
}
`;
    expect(told(source)).toEqual(['Session::Session 5 3']);
  });

  it.each([
    ['void f() {', 'the brace of line 1 is never closed'],
    ['}', 'line 1 closes a brace that none opens'],
  ])('throws where braces do not pair: %s', (source, message) => {
    expect(() => functionsOf(source)).toThrow(message);
  });
});
