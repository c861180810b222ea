using Coracle.Schema;

namespace Coracle.Kinds.Core.V1;

[ApiType]
public sealed partial class PodDNSConfig
{
    [Field(1), ListType("atomic")]
    public List<string>? Nameservers { get; set; }

    [Field(2), ListType("atomic")]
    public List<string>? Searches { get; set; }

    [Field(3), ListType("atomic")]
    public List<PodDNSConfigOption>? Options { get; set; }
}

[ApiType]
public sealed partial class PodDNSConfigOption
{
    [Field(1)]
    public string Name { get; set; } = "";

    [Field(2)]
    public string? Value { get; set; }
}
