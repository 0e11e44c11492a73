import Glibc

/// What libFuzzer calls: which target it is for, the environment variable `FUZZ_TARGET` says.
///
/// A variable, and not an argument: libFuzzer starts itself again with its own arguments.
private let target: FuzzTarget = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let target = FuzzTarget(rawValue: name) else {
        let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: " ")
        fatalError("FUZZ_TARGET=\(name): it is one of \(names)")
    }
    return target
}()

@c(LLVMFuzzerInitialize)
func initialize(
    _ count: UnsafeMutablePointer<Int32>?,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
) -> Int32 {
    guard getenv("FUZZ_LIST") != nil else { return 0 }
    for target in FuzzTarget.allCases { print(target.rawValue) }
    exit(0)
}

@c(LLVMFuzzerTestOneInput)
func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    target.run(Array(UnsafeBufferPointer(start: bytes, count: count)))
    return 0
}
