// Compiles src/main/cpp with the C++ compiler named by CXX, or g++. Without one the bundle comes out empty, and the
// programs run on PyTorch's own operators.
//
// PyTorch is not needed: its headers are not used, and the library is linked against an empty one of the same name. The
// loader finds the real one loaded already, and behind it its OpenMP, so that both share one pool of threads.
def target = new File(project.build.directory, 'cpp')
def output = new File(project.build.outputDirectory, 'kernels/linux-x86_64/libllmfactory_kernels.so')
def sources = new File(project.basedir, 'src/main/cpp').listFiles().sort()
def compiler = System.getenv('CXX') ?: 'g++'

def run = { List<String> command ->
    def process = new ProcessBuilder(command).directory(target).redirectErrorStream(true).start()
    def text = process.inputStream.text
    if (process.waitFor() != 0) {
        throw new RuntimeException("${command.join(' ')}\n${text}")
    }
}

if (output.exists() && sources.every { it.lastModified() < output.lastModified() }) {
    return
}
target.mkdirs()
if (System.getProperty('os.name') != 'Linux' || System.getProperty('os.arch') != 'amd64') {
    log.warn('kernels: only built on linux-x86_64')
    return
}
try {
    run([compiler, '--version'])
} catch (IOException e) {
    log.warn("kernels: no C++ compiler (${compiler}), so none are built; install g++ for faster steps")
    return
}
new File(target, 'empty.cpp').text = ''
run([compiler, '-shared', '-fPIC', '-o', 'libtorch_cpu.so', '-Wl,-soname,libtorch_cpu.so', 'empty.cpp'])
def objects = sources.findAll { it.name.endsWith('.cpp') }.collect { source ->
    run([compiler, '-c', '-std=c++17', '-O3', '-fPIC', '-fopenmp', '-fno-exceptions', '-fno-rtti', '-fvisibility=hidden',
         '-Wall', '-Wextra', '-Werror', '-Wno-psabi', '-o', "${source.name}.o".toString(), source.path])
    "${source.name}.o".toString()
}
output.parentFile.mkdirs()
run([compiler, '-shared', '-nodefaultlibs', '-o', output.path] + objects
    + ['-L.', '-Wl,--no-as-needed', '-ltorch_cpu', '-Wl,--as-needed', '-lm', '-lc', '-lgcc'])
log.info("kernels: compiled ${objects.size()} sources")
