// Perl's regular expressions over bytes, by PCRE2, for RecordRules.
//
// Swift sees neither the macros nor the types whose names hold the width of a character: an
// expression with all that its searches need is an opaque pointer, an answer is a small value.

#pragma once

#define PCRE2_CODE_UNIT_WIDTH 8

#include <pcre2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/// What became of a search.
enum __attribute__((enum_extensibility(closed))) CPCRE2Outcome {
    CPCRE2OutcomeMatched,
    CPCRE2OutcomeNotMatched,
    CPCRE2OutcomeGaveUp,
};

/// A search's outcome, and where it matched: byte offsets of group 1, or of the whole match.
struct CPCRE2Match {
    enum CPCRE2Outcome outcome;
    size_t start;
    size_t end;
};

/// What a search writes to: one search at a time.
struct CPCRE2Scratch {
    pcre2_match_data *_Nonnull data;
    pcre2_match_context *_Nonnull context;
    pcre2_jit_stack *_Nullable stack;
};

/// An expression, and a scratch for whoever searches first.
struct CPCRE2Expression {
    pcre2_code *_Nonnull code;
    struct CPCRE2Scratch scratch;
    bool isBusy;
    bool isMachineCode;
    int group;
};

/// How much work a search may take before it gives up: PCRE2's own unit and default. A search that
/// backtracks for ever reaches it after 0.2 s at most: less by machine code.
static const uint32_t CPCRE2MatchLimit = 10000000;

/// The memory that a search may take, in KiB: the interpreter's, and the machine code's stack.
static const uint32_t CPCRE2HeapLimit = 16384;
static const size_t CPCRE2StackSize = 1 << 20;

static inline struct CPCRE2Scratch CPCRE2NewScratch(void) {
    struct CPCRE2Scratch scratch;
    scratch.data = pcre2_match_data_create(2, NULL);
    scratch.context = pcre2_match_context_create(NULL);
    // Without a stack of its own the machine code has 32 KiB; NULL where there is no such code.
    scratch.stack = pcre2_jit_stack_create(32 << 10, CPCRE2StackSize, NULL);
    if (scratch.data == NULL || scratch.context == NULL) abort();
    pcre2_set_match_limit(scratch.context, CPCRE2MatchLimit);
    pcre2_set_heap_limit(scratch.context, CPCRE2HeapLimit);
    pcre2_jit_stack_assign(scratch.context, NULL, scratch.stack);
    return scratch;
}

static inline void CPCRE2FreeScratch(struct CPCRE2Scratch scratch) {
    pcre2_match_data_free(scratch.data);
    pcre2_match_context_free(scratch.context);
    pcre2_jit_stack_free(scratch.stack);
}

/// Compiles an expression of `count` bytes.
///
/// A character is a byte, unless the expression begins with (*UTF) or (*UCP) and says otherwise;
/// then bytes of a record that are not UTF-8 match nothing, instead of failing it.
///
/// Returns NULL if the expression is not valid; `message` then says why, and `offset` where.
static inline struct CPCRE2Expression *_Nullable CPCRE2Compile(
    const uint8_t *_Nonnull bytes, size_t count, char *_Nonnull message, size_t messageSize,
    size_t *_Nonnull offset) {
    int error = 0;
    pcre2_code *code = pcre2_compile(bytes, count, 0, &error, offset, NULL);
    uint32_t options = 0;
    if (code != NULL) pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options);
    if (options & PCRE2_UTF) {
        pcre2_code_free(code);
        code = pcre2_compile(bytes, count, PCRE2_MATCH_INVALID_UTF, &error, offset, NULL);
    }
    if (code == NULL) {
        pcre2_get_error_message(error, (PCRE2_UCHAR *)message, messageSize);
        return NULL;
    }
    struct CPCRE2Expression *expression = malloc(sizeof(struct CPCRE2Expression));
    if (expression == NULL) abort();
    uint32_t groupCount = 0;
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groupCount);
    expression->code = code;
    expression->scratch = CPCRE2NewScratch();
    expression->isBusy = false;
    // Where the system or the expression allows no machine code there is none: PCRE2 interprets.
    size_t codeSize = 0;
    if (pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0) {
        pcre2_pattern_info(code, PCRE2_INFO_JITSIZE, &codeSize);
    }
    expression->isMachineCode = codeSize > 0;
    expression->group = groupCount > 0 ? 1 : 0;
    return expression;
}

/// Lends a scratch for searches, to be given back by CPCRE2EndSearches.
///
/// Any thread may search; one that finds the expression's own scratch taken makes another one.
static inline struct CPCRE2Scratch CPCRE2BeginSearches(
    struct CPCRE2Expression *_Nonnull expression) {
    bool isTaken = __atomic_exchange_n(&expression->isBusy, true, __ATOMIC_ACQUIRE);
    return isTaken ? CPCRE2NewScratch() : expression->scratch;
}

static inline void CPCRE2EndSearches(
    struct CPCRE2Expression *_Nonnull expression, struct CPCRE2Scratch scratch) {
    if (scratch.data == expression->scratch.data) {
        __atomic_store_n(&expression->isBusy, false, __ATOMIC_RELEASE);
    } else {
        CPCRE2FreeScratch(scratch);
    }
}

/// Looks for the first match in `count` bytes, NUL bytes included.
///
/// A group that took no part in the match is no match. CPCRE2OutcomeGaveUp means that a limit was
/// reached.
static inline struct CPCRE2Match CPCRE2Search(
    const struct CPCRE2Expression *_Nonnull expression, struct CPCRE2Scratch scratch,
    const void *_Nullable bytes, size_t count) {
    struct CPCRE2Match match = {CPCRE2OutcomeGaveUp, 0, 0};
    PCRE2_SPTR subject = bytes == NULL ? (PCRE2_SPTR)"" : bytes;
    // The direct way into the machine code leaves out checks that take as long as a short match.
    int status = expression->isMachineCode
        ? pcre2_jit_match(expression->code, subject, count, 0, 0, scratch.data, scratch.context)
        : pcre2_match(expression->code, subject, count, 0, 0, scratch.data, scratch.context);
    if (status >= 0) {
        const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(scratch.data);
        match.start = offsets[2 * expression->group];
        match.end = offsets[2 * expression->group + 1];
        // \K may put the start behind the end.
        bool isThere = match.start != PCRE2_UNSET && match.start <= match.end;
        match.outcome = isThere ? CPCRE2OutcomeMatched : CPCRE2OutcomeNotMatched;
    } else if (status == PCRE2_ERROR_NOMATCH) {
        match.outcome = CPCRE2OutcomeNotMatched;
    }
    return match;
}

/// Releases what CPCRE2Compile returned.
static inline void CPCRE2Free(struct CPCRE2Expression *_Nonnull expression) {
    CPCRE2FreeScratch(expression->scratch);
    pcre2_code_free(expression->code);
    free(expression);
}
