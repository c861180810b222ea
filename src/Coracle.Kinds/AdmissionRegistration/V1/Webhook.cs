using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>How a webhook is reached: by URL or by service.</summary>
[ApiType]
public sealed partial class WebhookClientConfig
{
    /// <summary>https://host[:port]/path, as the API server can reach it.</summary>
    [Field(3)]
    public string? Url { get; set; }

    /// <summary>A service of the cluster.</summary>
    [Field(1)]
    public ServiceReference? Service { get; set; }

    /// <summary>The authorities, in PEM, that may have signed the webhook's certificate; those of the machine unless given.</summary>
    [Field(2)]
    public byte[]? CaBundle { get; set; }
}

/// <summary>A service to call.</summary>
[ApiType]
public sealed partial class ServiceReference
{
    /// <summary>The service's namespace.</summary>
    [Field(1), Required]
    public string Namespace { get; set; } = "";

    /// <summary>The service's name.</summary>
    [Field(2), Required]
    public string Name { get; set; } = "";

    /// <summary>The path of the URL.</summary>
    [Field(3)]
    public string? Path { get; set; }

    /// <summary>The service's port. 443 unless given.</summary>
    [Field(4), Default(443)]
    public int? Port { get; set; }
}

/// <summary>What else a webhook's call may do.</summary>
public static class SideEffectClass
{
    public const string Unknown = "Unknown";
    public const string None = "None";
    public const string Some = "Some";
    public const string NoneOnDryRun = "NoneOnDryRun";
}
