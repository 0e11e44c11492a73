/// What a record without a key becomes when a key was to be found: `--key-missing`.
package enum KeyMissing: Sendable {
    case fail
    case null
    case skip
}
