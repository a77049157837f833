/* A driver of two GPUs, of which the second does not tell its memory, with the functions of NVML that the agent calls. */
#include <string.h>

static int first = 1, second = 2, open_count = 0;

int nvmlInit_v2(void) { open_count++; return 0; }
int nvmlShutdown(void) { open_count--; return 0; }

int nvmlDeviceGetCount_v2(unsigned int *count) {
    if (open_count != 1) return 1;
    *count = 3;
    return 0;
}

int nvmlDeviceGetHandleByIndex_v2(unsigned int index, void **device) {
    if (index == 2) return 15;
    *device = index == 0 ? &first : &second;
    return 0;
}

int nvmlDeviceGetName(void *device, char *name, unsigned int length) {
    strncpy(name, *(int *) device == 1 ? "NVIDIA H100" : "NVIDIA H200", length);
    return 0;
}

int nvmlDeviceGetMemoryInfo(void *device, unsigned long long *total_free_used) {
    if (*(int *) device == 2) return 3;
    total_free_used[0] = 85899345920ULL;
    total_free_used[1] = 1;
    total_free_used[2] = 2;
    return 0;
}
