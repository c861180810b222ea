using Coracle.Kinds.Core.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Printing;

/// <summary>The table of events, which both of their API groups show (upstream: printEvent).</summary>
internal static class EventTable
{
    internal static IReadOnlyList<TableColumn> Columns { get; } =
    [
        CommonColumns.Text("Last Seen", "Time since this last happened."),
        CommonColumns.Text("Type", "Normal or Warning."),
        CommonColumns.Text("Reason", "Why, in one word."),
        CommonColumns.Text("Object", "The object that the event is about."),
        CommonColumns.Wide("Subobject", "The part of the object that the event is about."),
        CommonColumns.Wide("Source", "Who reports the event."),
        CommonColumns.Text("Message", "What happened."),
        CommonColumns.Wide("First Seen", "Time since this first happened."),
        CommonColumns.Wide("Count", "How often this happened."),
        CommonColumns.Name with { Priority = 1 },
    ];

    /// <summary>An event of either group, reduced to what the table needs.</summary>
    internal sealed record Row
    {
        internal required string Name { get; init; }
        internal required string Type { get; init; }
        internal required string Reason { get; init; }
        internal required string Message { get; init; }
        internal required ObjectReference About { get; init; }

        /// <summary>Component and host of the older form.</summary>
        internal required EventSource Source { get; init; }
        internal required string Controller { get; init; }
        internal required string Instance { get; init; }
        internal required DateTimeOffset? First { get; init; }
        internal required DateTimeOffset? Last { get; init; }
        internal required DateTimeOffset? Time { get; init; }
        internal required int Count { get; init; }

        /// <summary>Count and last time of a series.</summary>
        internal required (int Count, DateTimeOffset? Last)? Series { get; init; }
    }

    internal static IReadOnlyList<object?> Cells(Row row, DateTimeOffset now)
    {
        var first = HumanDuration.Since(row.First ?? row.Time, now);
        var last = row.Last is null ? first : HumanDuration.Since(row.Last, now);
        if (row.Series is { } series) last = HumanDuration.Since(series.Last, now);
        // An event of the newer form that happened once carries no count.
        long count = row.Series?.Count ?? (row.Count == 0 ? 1 : row.Count);
        var kind = row.About.Kind.ToLowerInvariant();
        return
        [
            last, row.Type, row.Reason, row.About.Name.Length > 0 ? $"{kind}/{row.About.Name}" : kind,
            row.About.FieldPath, Source(row), row.Message.Trim(), first, count, row.Name,
        ];
    }

    private static string Source(Row row)
    {
        var component = row.Source.Component.Length > 0 ? row.Source.Component : row.Controller;
        var instance = row.Source.Host.Length > 0 ? row.Source.Host : row.Instance;
        return instance.Length == 0 ? component : $"{component}, {instance}";
    }
}
