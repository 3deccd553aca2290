# Sourced by tools/fuzz/run and tools/sanitize, which build alike with AddressSanitizer, so that one build serves both.

# instrumented_options release|debug: sets `instrumented` to options of `swift build` and `swift test`, and `scratch` to where the
# build lies. Coverage of Swift code is what libFuzzer learns from; it is asked for by itself, because `-sanitize=fuzzer` would
# put libFuzzer's `main` into every program. What comparisons compare teaches it more of an input, in debug; release builds, for
# long runs, go without and are half as quick again. C is watched for undefined behaviour too, which swiftc for Linux cannot do for
# Swift, and C++, which only `rnnpkg`'s reader of TOML is, for nothing.
instrumented_options() {
  scratch=$here/.build/instrumented-$1
  local coverage=edge,indirect-calls,inline-8bit-counters,pc-table
  [ "$1" = release ] || coverage+=,trace-cmp
  instrumented=(
    --package-path "$here" --scratch-path "$scratch" --configuration "$1" --sanitize=address
    -Xswiftc -sanitize-coverage=$coverage
    -Xcc -fsanitize=undefined -Xcc -fno-sanitize-recover=undefined -Xcxx -fno-sanitize=all)
  local runtimes
  runtimes=$(swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')/clang/lib/linux
  [ ! -d "$runtimes" ] || instrumented+=(-Xlinker "-L$runtimes")
}

# AddressSanitizer's options: stacks of allocations take a fifth of the time and tell little that the stack of a fault does
# not; memory that was given back is kept from use for a few hundred inputs; new memory is filled as far as small things go.
export ASAN_OPTIONS=${ASAN_OPTIONS:-malloc_context_size=2:quarantine_size_mb=16:max_malloc_fill_size=64}
# A debugger's report would only repeat the sanitizer's, and hold the fuzzer's pipe open.
export SWIFT_BACKTRACE=enable=no
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
