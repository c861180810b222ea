using Coracle.Schema;

namespace Coracle.Kinds.Meta.V1;

/// <summary>The versions of the core group.</summary>
[ApiType]
public sealed partial class APIVersions
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>The versions.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<string>? Versions { get; set; }

    /// <summary>Where clients reach the server, by the range that their address is in.</summary>
    [Field(2), Required, ListType("atomic")]
    public List<ServerAddressByClientCIDR>? ServerAddressByClientCIDRs { get; set; }
}

/// <summary>All groups of the API but the core group.</summary>
[ApiType]
public sealed partial class APIGroupList
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>The groups.</summary>
    [Field(1), Required, ListType("atomic")]
    public List<APIGroup>? Groups { get; set; }
}

/// <summary>A group of the API, with its versions.</summary>
[ApiType]
public sealed partial class APIGroup
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>The group's name.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>Its versions, the preferred one first.</summary>
    [Field(2), Required, ListType("atomic")]
    public List<GroupVersionForDiscovery>? Versions { get; set; }

    /// <summary>The version to use unless there is a reason for another.</summary>
    [Field(3)]
    public GroupVersionForDiscovery PreferredVersion { get; set; } = new();

    /// <summary>Where clients reach the server, by the range that their address is in.</summary>
    [Field(4), ListType("atomic")]
    public List<ServerAddressByClientCIDR>? ServerAddressByClientCIDRs { get; set; }
}

/// <summary>A version of a group.</summary>
[ApiType]
public sealed partial class GroupVersionForDiscovery
{
    /// <summary>As it stands in apiVersion: "apps/v1".</summary>
    [Field(1), Required]
    public string GroupVersion { get; set; } = "";

    /// <summary>The version alone: "v1".</summary>
    [Field(2), Required]
    public string Version { get; set; } = "";
}

/// <summary>Where clients of a range of addresses reach the server.</summary>
[ApiType]
public sealed partial class ServerAddressByClientCIDR
{
    /// <summary>The range.</summary>
    [Field(1), Required]
    public string ClientCIDR { get; set; } = "";

    /// <summary>Host and port.</summary>
    [Field(2), Required]
    public string ServerAddress { get; set; } = "";
}

/// <summary>The resources of a version of a group.</summary>
[ApiType]
public sealed partial class APIResourceList
{
    /// <summary>The kind of this object.</summary>
    [Field]
    public string Kind { get; set; } = "";

    /// <summary>Group and version of this object.</summary>
    [Field]
    public string ApiVersion { get; set; } = "";

    /// <summary>Which: "apps/v1".</summary>
    [Field(1), Required]
    public string GroupVersion { get; set; } = "";

    /// <summary>The resources, sub-resources included.</summary>
    [Field(2), Required, ListType("atomic")]
    public List<APIResource>? Resources { get; set; }
}

/// <summary>A resource, as clients discover it.</summary>
[ApiType]
public sealed partial class APIResource
{
    /// <summary>Its name in paths, in plural.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>Its name in singular.</summary>
    [Field(6), Required]
    public string SingularName { get; set; } = "";

    /// <summary>Its objects live in namespaces.</summary>
    [Field(2), Required]
    public bool Namespaced { get; set; }

    /// <summary>Group of its kind, where it differs from the list's.</summary>
    [Field(8)]
    public string Group { get; set; } = "";

    /// <summary>Version of its kind, where it differs from the list's.</summary>
    [Field(9)]
    public string Version { get; set; } = "";

    /// <summary>The kind of its objects.</summary>
    [Field(3), Required]
    public string Kind { get; set; } = "";

    /// <summary>What can be done with it.</summary>
    [Field(4), Required]
    public List<string>? Verbs { get; set; }

    /// <summary>Short names for it.</summary>
    [Field(5), ListType("atomic")]
    public List<string>? ShortNames { get; set; }

    /// <summary>Names for several resources at once: "all".</summary>
    [Field(7), ListType("atomic")]
    public List<string>? Categories { get; set; }

    /// <summary>Changes when the version changes in which objects are stored.</summary>
    [Field(10)]
    public string StorageVersionHash { get; set; } = "";
}
