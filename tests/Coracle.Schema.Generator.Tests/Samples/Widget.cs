using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Samples.V1;

/// <summary>
/// A small kind that shows most of what can be said.
/// See <see cref="WidgetSpec"/>.
/// </summary>
[Kind("samples.example.com/v1", "Widget", "widgets", ShortNames = ["wd"], Status = true, Selectable = ["spec.color", "size=spec.size"], Rules = typeof(WidgetRules))]
[Column("Color", "string", ".spec.color", Description = "Its color.")]
[Column("Age", "date", ".metadata.creationTimestamp", Priority = 1)]
public sealed partial class Widget
{
    /// <summary>Name and labels.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What it shall be.</summary>
    [Field(2)]
    public WidgetSpec Spec { get; set; } = new();

    /// <summary>What it is.</summary>
    [Field(3, OmitZero = true)]
    public WidgetStatus Status { get; set; } = new();
}

/// <summary>What a widget shall be.</summary>
[ApiType, Rule("self.size > 0 || has(self.color)", Message = "a widget without size needs a color")]
[Union("type", "plain=Plain", "fancy=Fancy")]
public sealed partial class WidgetSpec
{
    /// <summary>Red, unless <see cref="Size"/> is <see langword="null"/>.</summary>
    [Field(1), OneOf("Red", "Green"), Default("Red")]
    public string Color { get; set; } = "";

    /// <summary>In <c>mm</c>.</summary>
    [Field(2), Range(Min = 1, Max = 100)]
    public int? Size { get; set; }

    [Field(3), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<WidgetPart>? Parts { get; set; }

    [Field(4), Required]
    public Dictionary<string, Quantity>? Limits { get; set; }

    [Field(5)]
    public Dictionary<string, byte[]>? Data { get; set; }

    [Field(6, Name = "clusterIPs"), Pattern("^[0-9.]+$"), ListType("set")]
    public List<string>? ClusterIPs { get; set; }
}

/// <summary>A part, which may have parts.</summary>
[ApiType(Atomic = true)]
public sealed partial class WidgetPart
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2)]
    public WidgetPart? Inner { get; set; }

    [Field(3)]
    public IntOrString Port { get; set; }
}

/// <summary>What a widget is.</summary>
[ApiType]
public sealed partial class WidgetStatus
{
    [Field(1)]
    public bool Ready { get; set; }

    [Field(2), MicroTime]
    public DateTimeOffset? SeenAt { get; set; }

    [Field(3)]
    public DateTimeOffset? Since { get; set; }

    [Field(4)]
    public RawJson? Extra { get; set; }
}

/// <summary>A widget's size is even.</summary>
public sealed class WidgetRules : KindRules<Widget>
{
    public override void Validate(Widget obj, FieldErrors errors)
    {
        if (obj.Spec.Size % 2 == 1) errors.Invalid(FieldPath.Of("spec").Child("size"), obj.Spec.Size, "must be even");
    }
}
