// stopwatch: runs a command, and says as JSON what it took. It is small, since the peak memory of a
// process includes what its parent had when it forked, and that counts for a benchmark in Python.
//
//   stopwatch DESCRIPTOR COMMAND [ARGUMENT...]    (the JSON goes to the descriptor)
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec * 1e-6; }

int main(int count, char **arguments) {
    if (count < 3) return 2;
    int report = atoi(arguments[1]);
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        close(report);
        // Who ends the stopwatch ends what it runs.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execvp(arguments[2], arguments + 2);
        perror(arguments[2]);
        _exit(127);
    }
    // The command alone reads the input, so that a pipe breaks when it ends.
    close(0);
    int status = 0;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        perror("stopwatch");
        return 1;
    }
    double wall = now() - start;
    dprintf(report, "{\"wall\":%.6f,\"cpu\":%.6f,\"peak\":%ld,\"status\":%d}\n", wall,
        seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss * 1024L,
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
