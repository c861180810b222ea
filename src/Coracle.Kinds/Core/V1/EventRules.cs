using Coracle.Kinds.Printing;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Events beyond their schema.</summary>
public sealed partial class EventRules : KindRules<Event>
{
    public override IReadOnlyList<TableColumn> Columns => EventTable.Columns;

    public override IReadOnlyList<object?> Cells(Event obj, DateTimeOffset now) => EventTable.Cells(new()
    {
        Name = obj.Metadata.Name,
        Type = obj.Type,
        Reason = obj.Reason,
        Message = obj.Message,
        About = obj.InvolvedObject,
        Source = obj.Source,
        Controller = obj.ReportingComponent,
        Instance = obj.ReportingInstance,
        First = obj.FirstTimestamp,
        Last = obj.LastTimestamp,
        Time = obj.EventTime,
        Count = obj.Count,
        Series = obj.Series is { } series ? (series.Count, series.LastObservedTime) : null,
    }, now);
}
