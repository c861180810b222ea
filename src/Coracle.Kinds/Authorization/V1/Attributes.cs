using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authorization.V1;

[ApiType]
public sealed partial class ResourceAttributes
{
    [Field(1)]
    public string Namespace { get; set; } = "";

    [Field(2)]
    public string Verb { get; set; } = "";

    [Field(3)]
    public string Group { get; set; } = "";

    [Field(4)]
    public string Version { get; set; } = "";

    [Field(5)]
    public string Resource { get; set; } = "";

    [Field(6)]
    public string Subresource { get; set; } = "";

    [Field(7)]
    public string Name { get; set; } = "";

    [Field(8)]
    public FieldSelectorAttributes? FieldSelector { get; set; }

    [Field(9)]
    public LabelSelectorAttributes? LabelSelector { get; set; }
}

[ApiType]
public sealed partial class NonResourceAttributes
{
    [Field(1)]
    public string Path { get; set; } = "";

    [Field(2)]
    public string Verb { get; set; } = "";
}

[ApiType]
public sealed partial class FieldSelectorAttributes
{
    [Field(1)]
    public string RawSelector { get; set; } = "";

    [Field(2), ListType("atomic")]
    public List<FieldSelectorRequirement>? Requirements { get; set; }
}

[ApiType]
public sealed partial class LabelSelectorAttributes
{
    [Field(1)]
    public string RawSelector { get; set; } = "";

    [Field(2), ListType("atomic")]
    public List<LabelSelectorRequirement>? Requirements { get; set; }
}
