// Writes what the natives are: their digest names the folder they are unpacked to, their sizes tell a complete one.
import java.nio.file.Files
import java.security.MessageDigest
import java.util.zip.ZipFile

def upstream = project.artifacts.find { it.artifactId == 'pytorch-native-cpu' }
def target = new File(project.build.outputDirectory, 'META-INF/llmfactory/pytorch.properties').toPath()
if (Files.exists(target) && Files.getLastModifiedTime(target).toMillis() >= upstream.file.lastModified()) {
    return
}
def sha256 = MessageDigest.getInstance('SHA-256')
upstream.file.eachByte(1 << 20) { buffer, length -> sha256.update(buffer, 0, length) }
def folder = 'pytorch/cpu/linux-x86_64/'
def files = new ZipFile(upstream.file).withCloseable { zip ->
    zip.entries().findAll { it.name.startsWith(folder) && !it.directory }
        .collect { it.name.substring(folder.length()) + ':' + it.size }.sort().join(',')
}
Files.createDirectories(target.parent)
Files.writeString(target, """device=cpu
version=${upstream.baseVersion}
flavor=cpu
folder=${folder}
digest=${sha256.digest().encodeHex()}
files=${files}
""")
