/// How the bytes of an input are cut into records.
package enum Framing: Hashable, Sendable {
    /// Each record ends with a delimiter, which the last one may lack.
    case delimited(Delimiter)

    /// The length of each record stands before it.
    case prefixed(LengthPrefix)

    /// Each FILE is one record, an empty FILE one with an empty value.
    case whole
}
