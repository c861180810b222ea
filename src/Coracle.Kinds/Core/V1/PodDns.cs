using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

/// <summary>Settings of name resolution, added to those that the DNS policy generates.</summary>
[ApiType]
public sealed partial class PodDNSConfig
{
    /// <summary>Addresses of name servers, before which come those of the policy.</summary>
    [Field(1), ListType("atomic")]
    public List<string>? Nameservers { get; set; }

    /// <summary>Domains in which short names are looked up.</summary>
    [Field(2), ListType("atomic")]
    public List<string>? Searches { get; set; }

    /// <summary>Options of the resolver; they override the policy's options of the same name.</summary>
    [Field(3), ListType("atomic")]
    public List<PodDNSConfigOption>? Options { get; set; }
}

/// <summary>An option of the resolver.</summary>
[ApiType]
public sealed partial class PodDNSConfigOption
{
    /// <summary>The option's name.</summary>
    [Field(1)]
    public string Name { get; set; } = "";

    /// <summary>The option's value, where it takes one.</summary>
    [Field(2)]
    public string? Value { get; set; }
}
