using System.Globalization;
using System.Text;
using System.Text.Json;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;
using Coracle.Sdk;

namespace Coracle.Testing;

/// <summary>What happened: so that a test that waits in vain says why, instead of that it did.</summary>
internal sealed class Evidence(Action<LogEntry> tell)
{
    private const int FaultsMax = 1_000;
    private const int ShownMax = 10;

    private readonly Lock _gate = new();
    private readonly Queue<LogEntry> _faults = new();

    public IReadOnlyList<LogEntry> Faults
    {
        get { lock (_gate) return [.. _faults]; }
    }

    public void Note(LogEntry entry)
    {
        tell(entry);
        if (entry.Severity < LogSeverity.Warning) return;
        lock (_gate)
        {
            _faults.Enqueue(entry);
            if (_faults.Count > FaultsMax) _faults.Dequeue();
        }
    }

    /// <summary>The newest faults, a line each.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var fault in Faults.TakeLast(ShownMax))
            text.Append(CultureInfo.InvariantCulture, $"\n  {fault.Severity} {fault.Source}: {fault.Message} {fault.Failure?.Message}");
        return text.Length == 0 ? "" : $"\nlogged:{text}";
    }

    /// <summary>How an object is, in YAML.</summary>
    public static string Of<T>(T? found) where T : class, IKind<T>
    {
        if (found is null) return "\nthere is none";
        var json = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json)) found.Write(writer);
        return $"\nit is:\n{Yaml.Write(json.WrittenMemory)}";
    }

    /// <summary>The newest events, a line each.</summary>
    public static string Of(IReadOnlyList<Event> events)
    {
        var text = new StringBuilder();
        foreach (var e in events.OrderBy(e => e.LastTimestamp ?? e.EventTime).TakeLast(ShownMax))
            text.Append(CultureInfo.InvariantCulture, $"\n  {e.Type} {e.Reason} {e.InvolvedObject.Kind}/{e.InvolvedObject.Name}: {e.Message}");
        return text.Length == 0 ? "" : $"\nevents:{text}";
    }
}
