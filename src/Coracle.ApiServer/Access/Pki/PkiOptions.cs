using System.Net;

namespace Coracle.ApiServer.Access;

/// <summary>What the cluster's certificates are made for, and for how long.</summary>
public sealed record PkiOptions
{
    /// <summary>Names under which the API server is reached besides localhost and the names of the service "kubernetes".</summary>
    public IReadOnlyList<string> ServingNames { get; init; } = [];

    /// <summary>Addresses under which it is reached besides loopback and <see cref="ServiceAddress"/>.</summary>
    public IReadOnlyList<IPAddress> ServingAddresses { get; init; } = [];

    /// <summary>The address of the service "kubernetes": the first of the service range.</summary>
    public IPAddress ServiceAddress { get; init; } = IPAddress.Parse("10.96.0.1");

    public string ClusterDomain { get; init; } = "cluster.local";

    public TimeSpan AuthorityLifetime { get; init; } = TimeSpan.FromDays(3650);
    public TimeSpan CertificateLifetime { get; init; } = TimeSpan.FromDays(365);

    /// <summary>A certificate with less than this left is made anew.</summary>
    public TimeSpan RenewBefore { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Every DNS name of the serving certificate.</summary>
    internal IEnumerable<string> AllNames =>
        new[] { "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", $"kubernetes.default.svc.{ClusterDomain}" }.Concat(ServingNames).Distinct(StringComparer.OrdinalIgnoreCase);

    internal IEnumerable<IPAddress> AllAddresses => new[] { IPAddress.Loopback, IPAddress.IPv6Loopback, ServiceAddress }.Concat(ServingAddresses).Distinct();
}
