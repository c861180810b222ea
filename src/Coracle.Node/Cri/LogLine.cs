using System.Globalization;
using System.Text;

namespace Coracle.Node.Cri;

/// <summary>Which of a container's outputs.</summary>
[Flags]
public enum LogStreams
{
    Stdout = 1,
    Stderr = 2,
    All = Stdout | Stderr,
}

/// <summary>
/// A line of a CRI log: <c>2026-11-21T19:03:29.561557269Z stdout F text</c>. The tag P says that the line of the container goes on in
/// the next one of the same output; F that it ends here. More tags may follow after colons.
/// </summary>
internal readonly ref struct LogLine
{
    /// <summary>As it stands in the log.</summary>
    public ReadOnlySpan<byte> TimestampText { get; private init; }

    public DateTimeOffset Timestamp { get; private init; }
    public LogStreams Stream { get; private init; }

    /// <summary>No end of line belongs to it.</summary>
    public bool IsPartial { get; private init; }

    public ReadOnlySpan<byte> Text { get; private init; }

    /// <param name="line">Without its end of line.</param>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogLine parsed)
    {
        parsed = default;
        if (!TryTake(ref line, out var timestamp) || !TryTake(ref line, out var stream) || !TryTake(ref line, out var tags))
            return false;
        Span<char> text = stackalloc char[64];
        if (timestamp.Length > text.Length || !DateTimeOffset.TryParse(text[..Encoding.ASCII.GetChars(timestamp, text)],
            CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return false;
        LogStreams? which = stream.SequenceEqual("stdout"u8) ? LogStreams.Stdout : stream.SequenceEqual("stderr"u8) ? LogStreams.Stderr : null;
        if (which is not { } known)
            return false;
        parsed = new LogLine
        {
            TimestampText = timestamp,
            Timestamp = time,
            Stream = known,
            IsPartial = tags is [(byte)'P'] or [(byte)'P', (byte)':', ..],
            Text = line,
        };
        return true;
    }

    private static bool TryTake(scoped ref ReadOnlySpan<byte> line, out ReadOnlySpan<byte> word)
    {
        var blank = line.IndexOf((byte)' ');
        word = blank < 0 ? default : line[..blank];
        if (blank >= 0)
            line = line[(blank + 1)..];
        return blank >= 0;
    }

    /// <summary>The timestamp as clients see it: always nine digits of a second.</summary>
    public string FixedTimestamp()
    {
        var text = Encoding.ASCII.GetString(TimestampText);
        var zone = text.IndexOfAny(['Z', '+', '-'], Math.Min(text.Length, 19));
        if (zone < 0)
            return text;
        var fraction = zone > 20 ? text[20..zone] : "";
        return $"{text[..19]}.{fraction.PadRight(9, '0')}{text[zone..]}";
    }
}
