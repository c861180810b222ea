using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Events.V1;

/// <summary>Events of the newer form beyond their schema.</summary>
public sealed partial class EventRules : KindRules<Event>
{
    public override IReadOnlyList<TableColumn> Columns => EventTable.Columns;

    public override IReadOnlyList<object?> Cells(Event obj, DateTimeOffset now) => EventTable.Cells(new()
    {
        Name = obj.Metadata.Name,
        Type = obj.Type,
        Reason = obj.Reason,
        Message = obj.Note,
        About = obj.Regarding,
        Source = obj.DeprecatedSource,
        Controller = obj.ReportingController,
        Instance = obj.ReportingInstance,
        First = obj.DeprecatedFirstTimestamp,
        Last = obj.DeprecatedLastTimestamp,
        Time = obj.EventTime,
        Count = obj.DeprecatedCount,
        Series = obj.Series is { } series ? (series.Count, series.LastObservedTime) : null,
    }, now);
}
