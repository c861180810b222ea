using System.Text.Json.Nodes;

namespace Coracle.ApiServer.Tests.Support;

/// <summary>An event of a watch as a client reads it.</summary>
public sealed record Event(string Type, JsonObject Object)
{
    public string Name => (string?)Object["metadata"]?["name"] ?? "";
    public string Version => (string?)Object["metadata"]?["resourceVersion"] ?? "";

    /// <summary>"ADDED a", for comparing many at once.</summary>
    public override string ToString() => $"{Type} {Name}";
}

/// <summary>A watch that is pulled. What a write did is there when the write has been answered, so that nothing has to be waited for.</summary>
public sealed class Watching(WatchStream stream)
{
    /// <summary>All events that are there.</summary>
    public IReadOnlyList<Event> Take()
    {
        var events = new List<Event>();
        while (stream.TryTake(out var frame)) events.Add(new(frame.Type, (JsonObject)JsonNode.Parse(frame.Object.Span)!));
        return events;
    }

    /// <summary>All events that are there, in short.</summary>
    public IEnumerable<string> Seen() => Take().Select(e => e.ToString());

    /// <summary>Waits until there may be something to take; false when the watch is over.</summary>
    public ValueTask<bool> Ready() => stream.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Whether the server has said all that it will say.</summary>
    public bool HasEnded => stream.WaitAsync(TestContext.Current.CancellationToken) is { IsCompleted: true, Result: false };
}
