using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Sdk;
using Coracle.Testing;

namespace Coracle.Conformance.Tests;

/// <summary>An event of a watch as a client reads it.</summary>
public sealed record Event(string Type, JsonObject Object)
{
    public string Name => Object.Text("metadata.name");
    public string Version => Object.Text("metadata.resourceVersion");

    /// <summary>"ADDED a", for comparing many at once.</summary>
    public override string ToString() => $"{Type} {Name}";
}

/// <summary>An open watch. Waiting for its next event lets the cluster's time pass.</summary>
public sealed class Watching(FrameStream frames, TestClock clock) : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100), Limit = TimeSpan.FromMinutes(5);
    private Task<ReadOnlyMemory<byte>>? _next;

    /// <summary>The next event; fails the test when none comes in five minutes of the cluster's time.</summary>
    public async Task<Event> Next()
    {
        var began = clock.Now;
        _next ??= frames.NextAsync(CancellationToken.None).AsTask();
        // First without time passing: what is there is there.
        for (var step = TimeSpan.Zero; !_next.IsCompleted && clock.Now - began < Limit; step = Step) await clock.Advance(step);
        Assert.True(_next.IsCompleted, "waited in vain for an event");
        var frame = await _next;
        Assert.False(frame.IsEmpty, "the server ended the watch");
        using var json = JsonDocument.Parse(frame);
        _next = null;
        return new(json.RootElement.GetProperty("type").GetString()!, (JsonObject)JsonNode.Parse(json.RootElement.GetProperty("object").GetRawText())!);
    }

    /// <summary>The first event from here on that is as asked.</summary>
    public async Task<Event> Until(Func<Event, bool> holds)
    {
        while (true)
            if (await Next() is var next && holds(next)) return next;
    }

    /// <summary>The next events, in short.</summary>
    public async Task<IReadOnlyList<string>> Next(int count)
    {
        var seen = new List<string>();
        while (seen.Count < count) seen.Add((await Next()).ToString());
        return seen;
    }

    public ValueTask DisposeAsync() => frames.DisposeAsync();
}
