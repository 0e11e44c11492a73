#pragma once

#include <getopt.h>

/// What one step of getopt_long found.
struct command_line_step {
    /// The value of the option, -1 at the end, '?' for an error, ':' for a missing argument.
    int result;

    /// The index in the vector of the next argument to look at.
    int next;

    /// After an error, the letter or the value of the option it is about, or 0.
    int bad;

    /// The option's argument, or null.
    const char *_Nullable argument;
};

/// Takes the next option from a vector of arguments, which is reordered as getopt_long does it.
///
/// Results are returned instead of left behind in optarg and its kin, which Swift could not read
/// under its rules of concurrency. Nothing is printed: the caller words its own errors.
struct command_line_step command_line_next(
    int count, char *_Nullable *_Nonnull arguments, const char *_Nonnull letters,
    const struct option *_Nonnull names);

/// Makes the next step the first one, of any vector.
void command_line_restart(void);
