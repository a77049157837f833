// Copies the natives into the bundle as they are compressed already: half a second instead of packing 450 MB again.
import java.nio.file.Files
import java.nio.file.StandardCopyOption
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream
import org.apache.commons.compress.archivers.zip.ZipFile

def upstream = project.artifacts.find { it.artifactId == 'pytorch-native-cpu' }.file
def bundle = project.artifact.file
def merged = new File(bundle.parentFile, bundle.name + '.part')
new ZipArchiveOutputStream(merged).withCloseable { out ->
    ZipFile.builder().setFile(bundle).get().withCloseable { it.copyRawEntries(out) { e -> !e.name.startsWith('pytorch/') } }
    ZipFile.builder().setFile(upstream).get().withCloseable { it.copyRawEntries(out) { e -> e.name.startsWith('pytorch/') } }
}
Files.move(merged.toPath(), bundle.toPath(), StandardCopyOption.REPLACE_EXISTING)
