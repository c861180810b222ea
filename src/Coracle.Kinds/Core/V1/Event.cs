using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[Kind("v1", "Event", "events", ShortNames = ["ev"], CreateOnUpdate = true, Selectable = ["involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source=source.component", "type"], Rules = typeof(EventRules))]
public sealed partial class Event
{
    [Field(1), Required]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2), Required]
    public ObjectReference InvolvedObject { get; set; } = new();

    [Field(3)]
    public string Reason { get; set; } = "";

    [Field(4)]
    public string Message { get; set; } = "";

    [Field(5)]
    public EventSource Source { get; set; } = new();

    [Field(6, Always = true)]
    public DateTimeOffset? FirstTimestamp { get; set; }

    [Field(7, Always = true)]
    public DateTimeOffset? LastTimestamp { get; set; }

    [Field(8)]
    public int Count { get; set; }

    [Field(9)]
    public string Type { get; set; } = "";

    [Field(10, Always = true), MicroTime]
    public DateTimeOffset? EventTime { get; set; }

    [Field(11)]
    public EventSeries? Series { get; set; }

    [Field(12)]
    public string Action { get; set; } = "";

    [Field(13)]
    public ObjectReference? Related { get; set; }

    [Field(14, Always = true)]
    public string ReportingComponent { get; set; } = "";

    [Field(15, Always = true)]
    public string ReportingInstance { get; set; } = "";
}

[ApiType]
public sealed partial class EventSource
{
    [Field(1)]
    public string Component { get; set; } = "";

    [Field(2)]
    public string Host { get; set; } = "";
}

[ApiType]
public sealed partial class EventSeries
{
    [Field(1)]
    public int Count { get; set; }

    [Field(2, Always = true), MicroTime]
    public DateTimeOffset? LastObservedTime { get; set; }
}
