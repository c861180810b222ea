using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

[ApiType]
public sealed partial class APIVersions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field(1), Required, ListType("atomic")]
    public List<string>? Versions { get; set; }

    [Field(2), Required, ListType("atomic")]
    public List<ServerAddressByClientCIDR>? ServerAddressByClientCIDRs { get; set; }
}

[ApiType]
public sealed partial class APIGroupList
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field(1), Required, ListType("atomic")]
    public List<APIGroup>? Groups { get; set; }
}

[ApiType]
public sealed partial class APIGroup
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(2), Required, ListType("atomic")]
    public List<GroupVersionForDiscovery>? Versions { get; set; }

    [Field(3)]
    public GroupVersionForDiscovery PreferredVersion { get; set; } = new();

    [Field(4), ListType("atomic")]
    public List<ServerAddressByClientCIDR>? ServerAddressByClientCIDRs { get; set; }
}

[ApiType]
public sealed partial class GroupVersionForDiscovery
{
    [Field(1), Required]
    public string GroupVersion { get; set; } = "";

    [Field(2), Required]
    public string Version { get; set; } = "";
}

[ApiType]
public sealed partial class ServerAddressByClientCIDR
{
    [Field(1), Required]
    public string ClientCIDR { get; set; } = "";

    [Field(2), Required]
    public string ServerAddress { get; set; } = "";
}

[ApiType]
public sealed partial class APIResourceList
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    [Field(1), Required]
    public string GroupVersion { get; set; } = "";

    [Field(2), Required, ListType("atomic")]
    public List<APIResource>? Resources { get; set; }
}

[ApiType]
public sealed partial class APIResource
{
    [Field(1), Required]
    public string Name { get; set; } = "";

    [Field(6), Required]
    public string SingularName { get; set; } = "";

    [Field(2), Required]
    public bool Namespaced { get; set; }

    [Field(8)]
    public string Group { get; set; } = "";

    [Field(9)]
    public string Version { get; set; } = "";

    [Field(3), Required]
    public string Kind { get; set; } = "";

    [Field(4), Required]
    public List<string>? Verbs { get; set; }

    [Field(5), ListType("atomic")]
    public List<string>? ShortNames { get; set; }

    [Field(7), ListType("atomic")]
    public List<string>? Categories { get; set; }

    [Field(10)]
    public string StorageVersionHash { get; set; } = "";
}
