#include "CGetopt.h"

struct command_line_step command_line_next(
    int count, char **arguments, const char *letters, const struct option *names) {
    opterr = 0;
    int result = getopt_long(count, arguments, letters, names, 0);
    return (struct command_line_step){result, optind, optopt, optarg};
}

void command_line_restart(void) {
    optind = 0;  // glibc's way to begin again, the order of the arguments included.
}
