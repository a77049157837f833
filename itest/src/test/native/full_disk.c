// While the file FULL_DISK_SWITCH exists, writing to files in FULL_DISK_FOLDER fails as it does on a full disk.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static int is_full(int fd) {
  const char *folder = getenv("FULL_DISK_FOLDER");
  const char *flag = getenv("FULL_DISK_SWITCH");
  if (folder == NULL || flag == NULL || access(flag, F_OK) != 0) {
    return 0;
  }
  char link[64];
  char path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) {
    return 0;
  }
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0;
}

ssize_t write(int fd, const void *bytes, size_t count) {
  static ssize_t (*real)(int, const void *, size_t);
  if (real == NULL) {
    real = dlsym(RTLD_NEXT, "write");
  }
  if (is_full(fd)) {
    errno = ENOSPC;
    return -1;
  }
  return real(fd, bytes, count);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
  static ssize_t (*real)(int, const void *, size_t, off64_t);
  if (real == NULL) {
    real = dlsym(RTLD_NEXT, "pwrite64");
  }
  if (is_full(fd)) {
    errno = ENOSPC;
    return -1;
  }
  return real(fd, bytes, count, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  static ssize_t (*real)(int, const struct iovec *, int);
  if (real == NULL) {
    real = dlsym(RTLD_NEXT, "writev");
  }
  if (is_full(fd)) {
    errno = ENOSPC;
    return -1;
  }
  return real(fd, parts, count);
}
