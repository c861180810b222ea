using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Events.V1;

[Kind("events.k8s.io/v1", "Event", "events", ShortNames = ["ev"], CreateOnUpdate = true, Selectable = ["reason", "regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid", "regarding.apiVersion", "regarding.resourceVersion", "regarding.fieldPath", "reportingController", "type"], Rules = typeof(EventRules))]
public sealed partial class Event
{
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    [Field(2), Required, MicroTime]
    public DateTimeOffset? EventTime { get; set; }

    [Field(3)]
    public EventSeries? Series { get; set; }

    [Field(4)]
    public string ReportingController { get; set; } = "";

    [Field(5)]
    public string ReportingInstance { get; set; } = "";

    [Field(6)]
    public string Action { get; set; } = "";

    [Field(7)]
    public string Reason { get; set; } = "";

    [Field(8)]
    public ObjectReference Regarding { get; set; } = new();

    [Field(9)]
    public ObjectReference? Related { get; set; }

    [Field(10)]
    public string Note { get; set; } = "";

    [Field(11)]
    public string Type { get; set; } = "";

    [Field(12)]
    public EventSource DeprecatedSource { get; set; } = new();

    [Field(13, Always = true)]
    public DateTimeOffset? DeprecatedFirstTimestamp { get; set; }

    [Field(14, Always = true)]
    public DateTimeOffset? DeprecatedLastTimestamp { get; set; }

    [Field(15)]
    public int DeprecatedCount { get; set; }
}

[ApiType]
public sealed partial class EventSeries
{
    [Field(1), Required]
    public int Count { get; set; }

    [Field(2), Required, MicroTime]
    public DateTimeOffset? LastObservedTime { get; set; }
}
