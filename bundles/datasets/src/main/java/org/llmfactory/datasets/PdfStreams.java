package org.llmfactory.datasets;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDocument;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSObjectKey;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.jspecify.annotations.Nullable;

/**
 * Refuses PDFs whose compressed parts would unpack to more than is bearable, before anything unpacks them whole. Images are
 * passed over, since text extraction does not unpack them.
 */
final class PdfStreams {
    private PdfStreams() {}

    static void check(PDDocument document, long maximum) throws IOException {
        COSDocument objects = document.getDocument();
        long left = maximum;
        for (COSObjectKey key : List.copyOf(objects.getXrefTable().keySet())) {
            if (objects.getObjectFromPool(key).getObject() instanceof COSStream stream
                    && !COSName.IMAGE.equals(stream.getCOSName(COSName.SUBTYPE))) {
                left -= unpacked(stream, left);
                if (left < 0) {
                    throw Detection.invalid("What the PDF holds is larger than " + maximum + " bytes.");
                }
            }
        }
    }

    private static long unpacked(COSStream stream, long maximum) throws IOException {
        List<COSName> filters = filters(stream.getFilters());
        long flates = filters.stream().filter(PdfStreams::isFlate).count();
        if (flates == 0) {
            return 0;
        }
        if (!isFlate(filters.get(0)) || flates > 1) {
            throw Detection.invalid("The PDF has parts that are encoded more than once.");
        }
        try (InputStream raw = stream.createRawInputStream();
                InputStream inflated = new InflaterInputStream(raw)) {
            return count(inflated, maximum);
        } catch (ZipException | EOFException damaged) {
            // Read as far as it goes, as extraction does.
            return 0;
        }
    }

    private static long count(InputStream in, long maximum) throws IOException {
        byte[] buffer = new byte[1 << 14];
        long size = 0;
        for (int read = in.read(buffer); read >= 0 && size <= maximum; read = in.read(buffer)) {
            size += read;
        }
        return size;
    }

    private static boolean isFlate(COSName filter) {
        return filter.equals(COSName.FLATE_DECODE) || filter.equals(COSName.FLATE_DECODE_ABBREVIATION);
    }

    private static List<COSName> filters(@Nullable COSBase filters) {
        List<COSName> names = new ArrayList<>();
        if (filters instanceof COSName name) {
            names.add(name);
        } else if (filters instanceof COSArray array) {
            for (int i = 0; i < array.size(); i++) {
                if (array.getObject(i) instanceof COSName name) {
                    names.add(name);
                }
            }
        }
        return names;
    }
}
