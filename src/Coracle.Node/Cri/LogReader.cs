using System.Text;

namespace Coracle.Node.Cri;

/// <summary>Reads the log of a container as the runtime writes it, and writes what was asked for. Upstream: the kubelet's ReadLogs.</summary>
public static class LogReader
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LastPause = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Copies a log to <paramref name="output"/>, and flushes it whenever there is nothing more for the moment. When following:
    /// a log that was rotated meanwhile (renamed, and a new one begun) is read to its end, then the new one;
    /// it ends when the container no longer runs and all is read.
    /// </summary>
    /// <param name="isRunning">Whether the container still runs; asked when following, up to four times a second.</param>
    /// <exception cref="FileNotFoundException">There is no such log; DirectoryNotFoundException likewise.</exception>
    public static async Task Copy(string path, LogOptions options, Stream output, Func<CancellationToken, ValueTask<bool>> isRunning,
        TimeProvider time, CancellationToken cancel)
    {
        if (options.LimitBytes <= 0 || (options.TailLines == 0 && !options.Follow))
        {
            File.OpenHandle(path).Dispose(); // a log that is not there is an error all the same
            return;
        }
        using var log = new FollowedFile(path);
        var writer = new LogWriter(options, output);
        if (options.TailLines is { } tail)
            log.SeekToTail(tail);
        var pause = FirstPause;
        var running = options.Follow;
        while (true)
        {
            if (!await CopyToEnd(log, writer, cancel))
                return;
            if (log.SwitchToSuccessor())
                continue;
            if (!running)
                break;
            await output.FlushAsync(cancel);
            running = await isRunning(cancel); // what was written before the end is read in one more round
            if (running)
                await Task.Delay(pause, time, cancel);
            pause = log.HasReadSincePause() ? FirstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LastPause.Ticks));
        }
        await writer.Write(log.TakeUnfinishedLine(), isWhole: false, cancel);
        await output.FlushAsync(cancel);
    }

    /// <returns>False when the limit is reached.</returns>
    private static async ValueTask<bool> CopyToEnd(FollowedFile log, LogWriter writer, CancellationToken cancel)
    {
        while (await log.ReadLine(cancel) is { } line)
        {
            if (await writer.Write(line, isWhole: true, cancel))
                continue;
            await writer.Flush(cancel);
            return false;
        }
        return true;
    }

    /// <summary>Lines to bytes, as asked for.</summary>
    private sealed class LogWriter(LogOptions options, Stream output)
    {
        private long _remaining = options.LimitBytes ?? long.MaxValue;
        private bool _atLineStart = true;

        /// <returns>False when the limit is reached.</returns>
        public async ValueTask<bool> Write(ReadOnlyMemory<byte> line, bool isWhole, CancellationToken cancel)
        {
            if (Format(line.Span, isWhole) is not { } bytes)
                return true;
            var length = (int)Math.Min(bytes.Length, _remaining);
            await output.WriteAsync(bytes.AsMemory(0, length), cancel);
            _remaining -= length;
            return _remaining > 0;
        }

        public Task Flush(CancellationToken cancel) => output.FlushAsync(cancel);

        /// <summary>Null for what is not to be written.</summary>
        private byte[]? Format(ReadOnlySpan<byte> line, bool isWhole)
        {
            // Upstream passes over lines that it cannot read, too: one bad line must not hide the others.
            if (!LogLine.TryParse(line, out var parsed) || parsed.Timestamp < options.Since || (parsed.Stream & options.Streams) == 0)
                return null;
            var prefix = options.Timestamps && _atLineStart ? Encoding.ASCII.GetBytes(parsed.FixedTimestamp() + " ") : [];
            _atLineStart = !parsed.IsPartial;
            return parsed.IsPartial || !isWhole ? [.. prefix, .. parsed.Text] : [.. prefix, .. parsed.Text, (byte)'\n'];
        }
    }
}
