import RecordRules
import Testing

/// A text that is JSON after RFC 8259, or is not.
///
/// In the manner of the public JSON test-suites: `y_` must be read, `n_` must be refused, and of
/// `i_` the RFC leaves it to us.
struct JSONGrammarCase: CustomTestStringConvertible, Sendable {
    enum Outcome: Sendable {
        case valid
        /// A flaw, and the byte at which it stands.
        case broken(JSONFlaw, Int)
        /// A value, and then something that does not belong to it.
        case trailing
    }

    let name: String
    let bytes: [UInt8]
    let outcome: Outcome

    var testDescription: String { name }

    static func y(_ name: String, _ text: String) -> Self {
        Self(name: "y_" + name, bytes: Array(text.utf8), outcome: .valid)
    }

    static func n(_ name: String, _ text: String, _ flaw: JSONFlaw, at offset: Int) -> Self {
        Self(name: "n_" + name, bytes: Array(text.utf8), outcome: .broken(flaw, offset))
    }

    static func n(trailing name: String, _ text: String) -> Self {
        Self(name: "n_" + name, bytes: Array(text.utf8), outcome: .trailing)
    }

    static func i(_ name: String, _ bytes: [UInt8], _ outcome: Outcome) -> Self {
        Self(name: "i_" + name, bytes: bytes, outcome: outcome)
    }

    static let all = structures + strings + numbers + literals + blanks + choices

    private static let structures: [Self] = [
        .y("array_empty", "[]"),
        .y("array_blank", "[ ]"),
        .y("array_one", "[1]"),
        .y("array_several", "[1,\"a\",null,true,false,{},[]]"),
        .y("array_nested", "[[[]],[]]"),
        .y("array_blanks_around_commas", "[1 , 2\t,\n3\r]"),
        .y("object_empty", "{}"),
        .y("object_blank", "{ }"),
        .y("object_one", "{\"a\":1}"),
        .y("object_several", "{\"a\":1,\"b\":[2],\"c\":{\"d\":\"e\"}}"),
        .y("object_empty_name", "{\"\":0}"),
        .y("object_same_name_twice", "{\"a\":1,\"a\":2}"),
        .y("object_escaped_name", "{\"a\\u0062\\n\":1}"),
        .y("object_blanks_everywhere", " { \"a\" : 1 , \"b\" : 2 } "),
        .y("object_long_names", "{\"\(String(repeating: "n", count: 99))\":1}"),
        .y("object_of_arrays_of_objects", "{\"a\":[{\"b\":[{}]}]}"),
        .n("nothing", "", .endsEarly, at: 0),
        .n("blanks_alone", " \t\r\n", .endsEarly, at: 4),
        .n("comma_alone", ",", .valueExpected, at: 0),
        .n("colon_alone", ":", .valueExpected, at: 0),
        .n("array_open", "[", .endsEarly, at: 1),
        .n("array_open_after_value", "[1", .endsEarly, at: 2),
        .n("array_open_after_comma", "[1,", .endsEarly, at: 3),
        .n("array_trailing_comma", "[1,]", .valueExpected, at: 3),
        .n("array_leading_comma", "[,1]", .valueExpected, at: 1),
        .n("array_two_commas", "[1,,2]", .valueExpected, at: 3),
        .n("array_comma_alone", "[,]", .valueExpected, at: 1),
        .n("array_without_comma", "[1 2]", .elementEndExpected, at: 3),
        .n("array_colon", "[\"a\":1]", .elementEndExpected, at: 4),
        .n("array_semicolon", "[1;2]", .badNumber, at: 2),
        .n("array_closed_by_brace", "[1}", .elementEndExpected, at: 2),
        .n("array_inner_open", "[[1]", .endsEarly, at: 4),
        .n("array_inner_without_comma", "[[][]]", .elementEndExpected, at: 3),
        .n("array_closed_at_once_by_brace", "[}", .valueExpected, at: 1),
        .n("close_bracket_alone", "]", .valueExpected, at: 0),
        .n("close_brace_alone", "}", .valueExpected, at: 0),
        .n("object_open", "{", .endsEarly, at: 1),
        .n("object_open_after_name", "{\"a\"", .endsEarly, at: 4),
        .n("object_open_after_colon", "{\"a\":", .endsEarly, at: 5),
        .n("object_open_after_value", "{\"a\":1", .endsEarly, at: 6),
        .n("object_open_after_comma", "{\"a\":1,", .endsEarly, at: 7),
        .n("object_trailing_comma", "{\"a\":1,}", .nameExpected, at: 7),
        .n("object_leading_comma", "{,\"a\":1}", .nameExpected, at: 1),
        .n("object_two_commas", "{\"a\":1,,\"b\":2}", .nameExpected, at: 7),
        .n("object_without_comma", "{\"a\":1 \"b\":2}", .memberEndExpected, at: 7),
        .n("object_without_colon", "{\"a\" 1}", .colonExpected, at: 5),
        .n("object_two_colons", "{\"a\"::1}", .valueExpected, at: 5),
        .n("object_equals_sign", "{\"a\"=1}", .colonExpected, at: 4),
        .n("object_comma_for_colon", "{\"a\",1}", .colonExpected, at: 4),
        .n("object_name_alone", "{\"a\"}", .colonExpected, at: 4),
        .n("object_no_value", "{\"a\":}", .valueExpected, at: 5),
        .n("object_no_name", "{:1}", .nameExpected, at: 1),
        .n("object_bare_name", "{a:1}", .nameExpected, at: 1),
        .n("object_name_in_single_quotes", "{'a':1}", .nameExpected, at: 1),
        .n("object_number_as_name", "{1:1}", .nameExpected, at: 1),
        .n("object_null_as_name", "{null:1}", .nameExpected, at: 1),
        .n("object_array_as_name", "{[]:1}", .nameExpected, at: 1),
        .n("object_closed_by_bracket", "{\"a\":1]", .memberEndExpected, at: 6),
        .n("object_closed_at_once_by_bracket", "{]", .nameExpected, at: 1),
        .n("object_inner_closed_by_bracket", "{\"a\":{\"b\":1]}", .memberEndExpected, at: 11),
        .n("object_comment", "{/**/\"a\":1}", .nameExpected, at: 1),
        .n("object_comment_after_value", "{\"a\":1/**/}", .badNumber, at: 6),
        .n("array_line_comment", "[1,//\n2]", .valueExpected, at: 3),
        .n(trailing: "value_after_array", "[] 1"),
        .n(trailing: "comma_after_array", "[],"),
        .n(trailing: "bracket_after_array", "[1]]"),
        .n(trailing: "brace_after_object", "{}}"),
        .n(trailing: "object_after_object", "{}{}"),
        .n(trailing: "comment_after_object", "{} // no"),
        .n(trailing: "letter_after_array", "[]x"),
    ]

    private static let strings: [Self] = [
        .y("string_empty", "\"\""),
        .y("string_plain", "\"a\""),
        .y("string_blank", "\" \""),
        .y("string_delete", "\"\u{7F}\""),
        .y("string_two_bytes", "\"é\""),
        .y("string_three_bytes", "\"€\""),
        .y("string_four_bytes", "\"😀\""),
        .y("string_line_separator", "\"\u{2028}\u{2029}\""),
        .y("string_noncharacter", "\"\u{FFFF}\""),
        .y("string_slash", "\"a/b\""),
        .y("string_single_quote", "\"it's\""),
        .y("string_comment", "\"/* no */ // no\""),
        .y("string_brackets", "\"]}[{,:\""),
        .y("string_all_escapes", #""\"\\\/\b\f\n\r\t""#),
        .y("string_unicode_escape", #""\u0041\u00e9\u20AC""#),
        .y("string_escaped_NUL", #""\u0000""#),
        .y("string_escaped_pair", #""\uD83D\uDE00""#),
        .y("string_escaped_backslash_last", #""a\\""#),
        .y("string_escaped_backslash_before_u", #""\\u00g0""#),
        .y("string_escaped_quote_alone", #""\"""#),
        .n("string_open", "\"", .endsEarly, at: 1),
        .n("string_open_after_text", "\"abc", .endsEarly, at: 4),
        .n("string_open_after_backslash", #""\"#, .endsEarly, at: 2),
        .n("string_open_after_escaped_quote", #""\""#, .endsEarly, at: 3),
        .n("string_open_after_u", #""\u"#, .endsEarly, at: 3),
        .n("string_open_in_unicode_escape", #""\u00A"#, .endsEarly, at: 6),
        .n("string_short_unicode_escape", #""\u00A""#, .badEscape, at: 1),
        .n("string_unicode_escape_no_digits", #""\u""#, .badEscape, at: 1),
        .n("string_unicode_escape_g", #""\u00g0""#, .badEscape, at: 1),
        .n("string_unicode_escape_minus", #""\u-123""#, .badEscape, at: 1),
        .n("string_unicode_escape_capital", #""\U0041""#, .badEscape, at: 1),
        .n("string_unicode_escape_braces", #""\u{41}""#, .badEscape, at: 1),
        .n("string_second_escape_of_pair_bad", #""\uD83D\uDxx0""#, .badEscape, at: 7),
        .n("string_escape_x", #""\x41""#, .badEscape, at: 1),
        .n("string_escape_a", #""\a""#, .badEscape, at: 1),
        .n("string_escape_v", #""\v""#, .badEscape, at: 1),
        .n("string_escape_0", #""\0""#, .badEscape, at: 1),
        .n("string_escape_single_quote", #""\'""#, .badEscape, at: 1),
        .n("string_escape_blank", #""a\ b""#, .badEscape, at: 2),
        .n("string_escape_newline", "\"\\\n\"", .badEscape, at: 1),
        .n("string_escape_two_bytes", "\"\\é\"", .badEscape, at: 1),
        .n("string_newline", "\"a\nb\"", .controlCharacter, at: 2),
        .n("string_tab", "\"\t\"", .controlCharacter, at: 1),
        .n("string_carriage_return", "\"\r\"", .controlCharacter, at: 1),
        .n("string_NUL", "\"\0\"", .controlCharacter, at: 1),
        .n("string_last_control_character", "\"a\u{1F}\"", .controlCharacter, at: 2),
        .n("string_control_far_in", "\"0123456789abcdef\u{1}\"", .controlCharacter, at: 17),
        .n("string_single_quotes", "'a'", .valueExpected, at: 0),
        .n("string_no_quotes", "abc", .valueExpected, at: 0),
        .n("string_typographic_quotes", "“a”", .valueExpected, at: 0),
        .n("string_backslash_outside", #"\n"#, .valueExpected, at: 0),
        .n("string_escaped_outside", #"[\u000A""]"#, .valueExpected, at: 1),
        .n("string_name_open", "{\"a", .endsEarly, at: 3),
        .n("string_name_control_character", "{\"\n\":1}", .controlCharacter, at: 2),
        .n("string_name_bad_escape", #"{"\q":1}"#, .badEscape, at: 2),
        .n(trailing: "string_then_letter", "\"a\"b"),
        .n(trailing: "string_then_string", "\"a\"\"b\""),
    ]

    private static let numbers: [Self] = [
        .y("number_zero", "0"),
        .y("number_minus_zero", "-0"),
        .y("number_digit", "7"),
        .y("number_digits", "1234567890"),
        .y("number_negative", "-12"),
        .y("number_fraction", "1.25"),
        .y("number_zero_fraction", "0.0"),
        .y("number_negative_fraction", "-0.5"),
        .y("number_fraction_leading_zeros", "1.0001"),
        .y("number_exponent", "1e5"),
        .y("number_exponent_capital", "1E5"),
        .y("number_exponent_plus", "1e+5"),
        .y("number_exponent_minus", "1E-5"),
        .y("number_exponent_leading_zeros", "1e0005"),
        .y("number_zero_exponent", "0e0"),
        .y("number_fraction_exponent", "-1.5e+10"),
        .n("number_plus", "+1", .valueExpected, at: 0),
        .n("number_minus_alone", "-", .endsEarly, at: 1),
        .n("number_two_minuses", "--1", .badNumber, at: 1),
        .n("number_minus_blank", "- 1", .badNumber, at: 1),
        .n("number_leading_zero", "01", .badNumber, at: 1),
        .n("number_negative_leading_zero", "-01", .badNumber, at: 2),
        .n("number_two_zeros", "00", .badNumber, at: 1),
        .n("number_no_integer", ".5", .valueExpected, at: 0),
        .n("number_negative_no_integer", "-.5", .badNumber, at: 1),
        .n("number_no_fraction", "[1.]", .badNumber, at: 3),
        .n("number_no_fraction_before_exponent", "1.e5", .badNumber, at: 2),
        .n("number_two_dots", "1..2", .badNumber, at: 2),
        .n("number_two_fractions", "1.2.3", .badNumber, at: 3),
        .n("number_no_exponent", "[1e]", .badNumber, at: 3),
        .n("number_no_exponent_after_sign", "[1e+]", .badNumber, at: 4),
        .n("number_two_exponent_signs", "1e+-2", .badNumber, at: 3),
        .n("number_two_exponents", "1e2e3", .badNumber, at: 3),
        .n("number_fractional_exponent", "1e2.5", .badNumber, at: 3),
        .n("number_hexadecimal", "0x1F", .badNumber, at: 1),
        .n("number_digit_group", "1_000", .badNumber, at: 1),
        .n("number_then_letter", "[1a]", .badNumber, at: 2),
        .n("number_then_quote", "[1\"a\"]", .badNumber, at: 2),
        .n("number_then_bracket", "[1[]]", .badNumber, at: 2),
        .n("number_then_NUL", "1\0", .badNumber, at: 1),
        .n("number_infinity", "Infinity", .valueExpected, at: 0),
        .n("number_minus_infinity", "-Infinity", .badNumber, at: 1),
        .n("number_NaN", "NaN", .valueExpected, at: 0),
        .n("number_full_width_digit", "１", .valueExpected, at: 0),
        .n("number_cut_in_exponent", "1e", .endsEarly, at: 2),
        .n("number_cut_in_fraction", "1.", .endsEarly, at: 2),
        .n(trailing: "number_then_number", "1 2"),
    ]

    private static let literals: [Self] = [
        .y("literal_true", "true"),
        .y("literal_false", "false"),
        .y("literal_null", "null"),
        .n("literal_cut_true", "tru", .endsEarly, at: 3),
        .n("literal_cut_false", "[fals", .endsEarly, at: 5),
        .n("literal_cut_null", "n", .endsEarly, at: 1),
        .n("literal_short_in_array", "[tru]", .badLiteral, at: 4),
        .n("literal_capital", "True", .valueExpected, at: 0),
        .n("literal_capitals", "NULL", .valueExpected, at: 0),
        .n("literal_capital_within", "nUll", .badLiteral, at: 1),
        .n("literal_nul", "[nul]", .badLiteral, at: 4),
        .n("literal_none", "none", .badLiteral, at: 1),
        .n("literal_too_long", "truey", .badLiteral, at: 4),
        .n("literal_then_digit", "null0", .badLiteral, at: 4),
        .n("literal_then_quote", "[true\"\"]", .badLiteral, at: 5),
        .n("literal_undefined", "undefined", .valueExpected, at: 0),
        .n(trailing: "literal_then_literal", "true false"),
    ]

    private static let blanks: [Self] = [
        .y("blank_all_four", " \t\r\n1 \t\r\n"),
        .y("blank_between", "{\r\n\t\"a\"\r\n\t:\r\n\t[\r\n\t]\r\n\t}"),
        .n("blank_form_feed", "[\u{C}1]", .valueExpected, at: 1),
        .n("blank_vertical_tab", "[\u{B}1]", .valueExpected, at: 1),
        .n("blank_NUL", "[\0]", .valueExpected, at: 1),
        .n("blank_no_break_space", "[\u{A0}1]", .valueExpected, at: 1),
        .n("blank_word_joiner", "\u{2060}1", .valueExpected, at: 0),
        .n("blank_form_feed_after_value", "[1\u{C}]", .badNumber, at: 2),
        .n("blank_form_feed_after_string", "[\"\"\u{C}]", .elementEndExpected, at: 3),
    ]

    /// What the RFC leaves open.
    private static let choices: [Self] = [
        .i("byte_order_mark", [0xEF, 0xBB, 0xBF, 0x31], .broken(.valueExpected, 0)),
        .i("UTF_16", [0xFF, 0xFE, 0x31, 0x00], .broken(.valueExpected, 0)),
        .i("UTF_16_without_mark", [0x31, 0x00], .broken(.badNumber, 1)),
        .i("string_lone_continuation", [0x22, 0x80, 0x22], .valid),
        .i("string_overlong", [0x22, 0xC0, 0xAF, 0x22], .valid),
        .i("string_truncated_UTF_8", [0x22, 0xE2, 0x82, 0x22], .valid),
        .i("string_surrogate_in_UTF_8", [0x22, 0xED, 0xA0, 0x80, 0x22], .valid),
        .i("string_latin_1", [0x22, 0xE9, 0x22], .valid),
        .i("string_bytes_never_in_UTF_8", [0x22, 0xFE, 0xFF, 0x22], .valid),
        .i("name_latin_1", [0x7B, 0x22, 0xE9, 0x22, 0x3A, 0x31, 0x7D], .valid),
        .i("string_lone_lead_surrogate", Array(#"["\uD800"]"#.utf8), .valid),
        .i("string_lone_trail_surrogate", Array(#"["\uDC00"]"#.utf8), .valid),
        .i("string_surrogates_reversed", Array(#"["\uDE00\uD83D"]"#.utf8), .valid),
        .i("number_huge", Array("1e9999".utf8), .valid),
        .i("number_tiny", Array("1e-9999".utf8), .valid),
        .i("number_long", [UInt8](repeating: 0x39, count: 400), .valid),
        .i("invalid_byte_outside", [0x5B, 0xFF, 0x5D], .broken(.valueExpected, 1)),
        .i(
            "nesting_512",
            Array(repeating: 0x5B, count: 512) + Array(repeating: 0x5D, count: 512),
            .valid
        ),
        .i(
            "nesting_513",
            Array(repeating: 0x5B, count: 513) + Array(repeating: 0x5D, count: 513),
            .broken(.nestedTooDeep, 512)
        ),
    ]
}
