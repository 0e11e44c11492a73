// POSIX extended regular expressions over bytes, for RecordRules.
//
// regex(3) takes strings that end with a NUL; REG_STARTEND, an extension of the BSDs that glibc
// has too, takes a range of bytes instead. Swift sees neither regex_t nor the flags: a compiled
// expression is an opaque pointer, an answer is a small value.

#pragma once

#include <limits.h>
#include <locale.h>
#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#ifndef REG_STARTEND
#error "kpipe needs a regex(3) with REG_STARTEND, as glibc and the BSDs have it."
#endif

/// What became of a search.
enum __attribute__((enum_extensibility(closed))) CRegexOutcome {
    CRegexOutcomeMatched,
    CRegexOutcomeNotMatched,
    CRegexOutcomeGaveUp,
};

/// A search's outcome, and where it matched: byte offsets of group 1, or of the whole match.
struct CRegexMatch {
    enum CRegexOutcome outcome;
    int start;
    int end;
};

/// Compiles an expression that ends with a NUL, in the C locale: a character is a byte.
///
/// The locale is set for the length of this call, since glibc fixes at compile time what a
/// character is. The matching itself looks at no locale.
///
/// Returns NULL if the expression is not valid; `message` then says why.
static inline void *_Nullable CRegexCompile(
    const char *_Nonnull expression, char *_Nonnull message, size_t messageSize) {
    regex_t *regex = malloc(sizeof(regex_t));
    locale_t bytes = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (regex == NULL || bytes == (locale_t)0) abort();
    locale_t previous = uselocale(bytes);
    int error = regcomp(regex, expression, REG_EXTENDED);
    if (error != 0) regerror(error, regex, message, messageSize);
    uselocale(previous);
    freelocale(bytes);
    if (error == 0) return regex;
    free(regex);
    return NULL;
}

/// Looks for the first match in `count` bytes, NUL bytes included.
///
/// A group that took no part in the match is no match. CRegexOutcomeGaveUp means that memory ran
/// out, or that there are more bytes than regex(3) can count.
static inline struct CRegexMatch CRegexSearch(
    const void *_Nonnull compiled, const void *_Nullable bytes, size_t count) {
    const regex_t *regex = compiled;
    struct CRegexMatch match = {CRegexOutcomeGaveUp, 0, 0};
    if (count > INT_MAX) return match;
    regmatch_t groups[2] = {{.rm_so = 0, .rm_eo = (regoff_t)count}};
    int error = regexec(regex, bytes == NULL ? "" : bytes, 2, groups, REG_STARTEND);
    if (error != 0 && error != REG_NOMATCH) return match;
    regmatch_t wanted = groups[regex->re_nsub > 0 ? 1 : 0];
    bool isMatched = error == 0 && wanted.rm_so >= 0;
    match.outcome = isMatched ? CRegexOutcomeMatched : CRegexOutcomeNotMatched;
    match.start = wanted.rm_so;
    match.end = wanted.rm_eo;
    return match;
}

/// Releases what CRegexCompile returned.
static inline void CRegexFree(void *_Nonnull compiled) {
    regfree(compiled);
    free(compiled);
}
