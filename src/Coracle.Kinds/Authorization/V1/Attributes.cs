using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.Authorization.V1;

/// <summary>Something done to a resource.</summary>
[ApiType]
public sealed partial class ResourceAttributes
{
    /// <summary>The namespace; for kinds that have one, empty means all of them.</summary>
    [Field(1)]
    public string Namespace { get; set; } = "";

    /// <summary>What is done: get, list, watch, create, update, patch, delete, deletecollection, proxy, or * for all.</summary>
    [Field(2)]
    public string Verb { get; set; } = "";

    /// <summary>The resource's group; * for all.</summary>
    [Field(3)]
    public string Group { get; set; } = "";

    /// <summary>The resource's version; * for all.</summary>
    [Field(4)]
    public string Version { get; set; } = "";

    /// <summary>The resource; * for all.</summary>
    [Field(5)]
    public string Resource { get; set; } = "";

    /// <summary>The sub-resource, when one is meant.</summary>
    [Field(6)]
    public string Subresource { get; set; } = "";

    /// <summary>Name of the object; all of them when empty.</summary>
    [Field(7)]
    public string Name { get; set; } = "";

    /// <summary>Restricts the request by fields, where it is a list, watch or deletion of many.</summary>
    [Field(8)]
    public FieldSelectorAttributes? FieldSelector { get; set; }

    /// <summary>Restricts the request by labels, where it is a list, watch or deletion of many.</summary>
    [Field(9)]
    public LabelSelectorAttributes? LabelSelector { get; set; }
}

/// <summary>A request to a path that is no resource.</summary>
[ApiType]
public sealed partial class NonResourceAttributes
{
    /// <summary>The path.</summary>
    [Field(1)]
    public string Path { get; set; } = "";

    /// <summary>The HTTP method, in lower case.</summary>
    [Field(2)]
    public string Verb { get; set; } = "";
}

/// <summary>A restriction by fields. One of its fields is set.</summary>
[ApiType]
public sealed partial class FieldSelectorAttributes
{
    /// <summary>The selector as it stands in a query.</summary>
    [Field(1)]
    public string RawSelector { get; set; } = "";

    /// <summary>The selector taken apart; all requirements hold.</summary>
    [Field(2), ListType("atomic")]
    public List<FieldSelectorRequirement>? Requirements { get; set; }
}

/// <summary>A restriction by labels. One of its fields is set.</summary>
[ApiType]
public sealed partial class LabelSelectorAttributes
{
    /// <summary>The selector as it stands in a query.</summary>
    [Field(1)]
    public string RawSelector { get; set; } = "";

    /// <summary>The selector taken apart; all requirements hold.</summary>
    [Field(2), ListType("atomic")]
    public List<LabelSelectorRequirement>? Requirements { get; set; }
}
