package org.holdfast.worker.transfer;

import static org.holdfast.worker.transfer.PartnerFailure.blaming;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.holdfast.contract.BlobDownload;
import org.holdfast.contract.BlobUpload;
import org.holdfast.contract.ClusterCall;
import org.holdfast.contract.Outcome;
import org.holdfast.contract.Outcome.Condition;
import org.holdfast.contract.Outcome.Side;
import org.holdfast.contract.TaskMessage;
import org.holdfast.contract.TaskMessage.Member;

/**
 * Reads a blob from its source and writes it to the target, which verifies size and digests before it says yes. Holds
 * one buffer of {@link BlobUpload#BUFFER_BYTES}, however large the blob. Idempotent: the target answers 200 when it
 * has the verified blob already.
 */
final class CopyBlob {
    private final ClusterCall calls;
    private final TransferConfig config;

    CopyBlob(ClusterCall calls, TransferConfig config) {
        this.calls = calls;
        this.config = config;
    }

    Outcome carryOut(TaskMessage task, Member source, Transfer transfer) throws PartnerFailure {
        // A first attempt almost never finds the blob; after a lost result the question saves the whole transfer.
        Optional<ClusterCall.Answer> earlier = task.attempt() > 1 ? targetHasIt(task) : Optional.empty();
        if (earlier.isPresent()) {
            return already(earlier.get());
        }
        // The source comes first: a target that is asked in vain would have to throw a started upload away.
        try (var connected = transfer.breaking(blaming(
                        Side.SOURCE,
                        source,
                        Condition.TIMEOUT,
                        () -> BlobDownload.connect(
                                NodeAddress.ofSource(task, source), config.connectTimeout(), config.stallTimeout())));
                var download = blaming(Side.SOURCE, source, Condition.TIMEOUT, connected::get)) {
            requireBlob(task, source, download);
            return upload(task, source, download.body(), transfer);
        }
    }

    private Optional<ClusterCall.Answer> targetHasIt(TaskMessage task) {
        try {
            var uri = NodeAddress.ofTarget(task);
            return Optional.of(calls.send("HEAD", uri, Optional.empty(), config.connectTimeout()))
                    .filter(answer -> answer.status() == 200);
        } catch (IOException e) {
            // The upload will meet the same trouble and report it.
            return Optional.empty();
        }
    }

    private static Outcome already(ClusterCall.Answer answer) {
        return Outcome.of(Condition.ALREADY, Side.NONE, "the target has the blob")
                .with(answer.receipt());
    }

    private static void requireBlob(TaskMessage task, Member source, BlobDownload download) throws PartnerFailure {
        if (download.status() != 200) {
            throw PartnerFailure.of(
                    Side.SOURCE, source, blaming(Side.SOURCE, source, Condition.STALL, download::refusal));
        }
        long wanted = task.blob().sizeBytes();
        long told = blaming(Side.SOURCE, source, Condition.STALL, download::contentLength)
                .orElse(wanted);
        if (told != wanted) {
            throw PartnerFailure.wrongSource(source, "it holds " + told + " bytes where the blob has " + wanted);
        }
    }

    private Outcome upload(TaskMessage task, Member source, InputStream bytes, Transfer transfer)
            throws PartnerFailure {
        var uri = NodeAddress.ofTarget(task);
        try (var upload = transfer.breaking(blaming(
                Side.TARGET,
                task.target(),
                Condition.TIMEOUT,
                () -> BlobUpload.open(
                        uri,
                        task.blob().sizeBytes(),
                        Map.of("Content-Type", "application/octet-stream"),
                        config.connectTimeout(),
                        config.stallTimeout())))) {
            Optional<ClusterCall.Answer> early = stream(task, source, bytes, upload, transfer);
            ClusterCall.Answer answer = early.isPresent()
                    ? early.get()
                    : blaming(Side.TARGET, task.target(), Condition.TIMEOUT, upload::finish);
            return switch (answer.status()) {
                case 201 -> Outcome.of(Condition.DONE, Side.NONE, "copied").with(answer.receipt());
                case 200 -> already(answer);
                default -> throw PartnerFailure.of(Side.TARGET, task.target(), answer);
            };
        }
    }

    /** Moves all bytes; gives the target's answer when it came before their end. */
    private Optional<ClusterCall.Answer> stream(
            TaskMessage task, Member source, InputStream bytes, BlobUpload upload, Transfer transfer)
            throws PartnerFailure {
        var buffer = new byte[BlobUpload.BUFFER_BYTES];
        long left = task.blob().sizeBytes();
        while (true) {
            int count = blaming(Side.SOURCE, source, Condition.STALL, () -> bytes.read(buffer));
            if (count > left || (count < 0 && left > 0)) {
                throw PartnerFailure.wrongSource(
                        source, "its bytes are " + (count < 0 ? "fewer" : "more") + " than the blob's");
            }
            if (count < 0) {
                return Optional.empty();
            }
            try {
                upload.body().write(buffer, 0, count);
            } catch (IOException e) {
                return Optional.of(earlyAnswer(task.target(), upload, e));
            }
            left -= count;
            transfer.moved(task.blob().sizeBytes() - left);
        }
    }

    private static ClusterCall.Answer earlyAnswer(Member target, BlobUpload upload, IOException failure)
            throws PartnerFailure {
        try {
            return upload.earlyAnswer();
        } catch (IOException none) {
            throw PartnerFailure.of(Side.TARGET, target, Condition.STALL, failure);
        }
    }
}
