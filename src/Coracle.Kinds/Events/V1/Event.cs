using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Events.V1;

/// <summary>Something that happened to an object. Kept for a short time. The same objects as the core group's events, in other words.</summary>
[Kind("events.k8s.io/v1", "Event", "events", ShortNames = ["ev"], CreateOnUpdate = true, Selectable = ["reason", "regarding.kind=involvedObject.kind",
    "regarding.namespace=involvedObject.namespace", "regarding.name=involvedObject.name", "regarding.uid=involvedObject.uid",
    "regarding.apiVersion=involvedObject.apiVersion", "regarding.resourceVersion=involvedObject.resourceVersion", "regarding.fieldPath=involvedObject.fieldPath",
    "reportingController=reportingComponent", "type"], Rules = typeof(EventRules))]
public sealed partial class Event
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>When it first happened, to the microsecond.</summary>
    [Field(2), Required, MicroTime]
    public DateTimeOffset? EventTime { get; set; }

    /// <summary>How it went on, when it happened again and again.</summary>
    [Field(3)]
    public EventSeries? Series { get; set; }

    /// <summary>The controller that reports it: kubernetes.io/kubelet.</summary>
    [Field(4)]
    public string ReportingController { get; set; } = "";

    /// <summary>Which instance of the controller.</summary>
    [Field(5)]
    public string ReportingInstance { get; set; } = "";

    /// <summary>What was done or failed.</summary>
    [Field(6)]
    public string Action { get; set; } = "";

    /// <summary>Why, in one word, for programs.</summary>
    [Field(7)]
    public string Reason { get; set; } = "";

    /// <summary>The object that it happened to.</summary>
    [Field(8)]
    public ObjectReference Regarding { get; set; } = new();

    /// <summary>A second object, on which the action depended.</summary>
    [Field(9)]
    public ObjectReference? Related { get; set; }

    /// <summary>What happened.</summary>
    [Field(10)]
    public string Note { get; set; } = "";

    /// <summary>Normal or Warning.</summary>
    [Field(11)]
    public string Type { get; set; } = "";

    /// <summary>Who reports it, in the older form.</summary>
    [Field(12)]
    public EventSource DeprecatedSource { get; set; } = new();

    /// <summary>When it first happened, in the older form.</summary>
    [Field(13, Always = true)]
    public DateTimeOffset? DeprecatedFirstTimestamp { get; set; }

    /// <summary>When it last happened, in the older form.</summary>
    [Field(14, Always = true)]
    public DateTimeOffset? DeprecatedLastTimestamp { get; set; }

    /// <summary>How often it happened, in the older form.</summary>
    [Field(15)]
    public int DeprecatedCount { get; set; }
}

/// <summary>Events that are one and the same, counted.</summary>
[ApiType]
public sealed partial class EventSeries
{
    /// <summary>How often it happened so far.</summary>
    [Field(1), Required]
    public int Count { get; set; }

    /// <summary>When it last happened.</summary>
    [Field(2), Required, MicroTime]
    public DateTimeOffset? LastObservedTime { get; set; }
}
