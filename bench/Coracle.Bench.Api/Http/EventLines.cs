namespace Coracle.Bench.Http;

/// <summary>A watch read line by line.</summary>
internal static class EventLines
{
    /// <summary>Until <paramref name="isDone"/> says so of an event's line, which is valid for that call alone. Throws when the watch ends before.</summary>
    public static async Task UntilAsync(HttpConnection watch, Func<ReadOnlyMemory<byte>, bool> isDone, CancellationToken cancel)
    {
        var line = new MemoryStream();
        while (await watch.NextAsync(cancel) is { IsEmpty: false } piece)
        {
            for (var rest = piece; !rest.IsEmpty;)
            {
                var end = rest.Span.IndexOf((byte)'\n');
                line.Write(rest.Span[..(end < 0 ? rest.Length : end)]);
                rest = end < 0 ? default : rest[(end + 1)..];
                if (end < 0) continue;
                if (isDone(line.GetBuffer().AsMemory(0, (int)line.Length))) return;
                line.SetLength(0);
            }
        }
        throw new BenchException("a watch ended before everything had come");
    }

    /// <summary>Opens a watch.</summary>
    public static async Task<HttpConnection> OpenAsync(Target target, string pathAndQuery, CancellationToken cancel)
    {
        var watch = await HttpConnection.OpenAsync(target.Endpoint, cancel);
        await watch.SendAsync(target.Requests.Get(pathAndQuery), cancel);
        if (watch.Status == 200) return watch;
        var refused = System.Text.Encoding.UTF8.GetString((await watch.NextAsync(cancel)).Span);
        await watch.DisposeAsync();
        throw new BenchException($"GET {pathAndQuery}: {refused}");
    }
}
