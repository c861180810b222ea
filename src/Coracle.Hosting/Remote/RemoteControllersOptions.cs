using System.Net;
using Coracle.ApiServer.Access;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>Which server the controllers work for, as whom, and what they have beside its API.</summary>
public sealed record RemoteControllersOptions
{
    /// <summary>
    /// Where the server is. Who this is there: the controller manager ("system:kube-controller-manager"), or anybody who may impersonate it and the scheduler,
    /// as an administrator may.
    /// </summary>
    public required ClusterConfig Cluster { get; init; }

    /// <summary>As who the scheduler calls; null where <see cref="Cluster"/> is of somebody who may impersonate it.</summary>
    public ClusterConfig? Scheduler { get; init; }

    /// <summary>Controllers' service accounts are impersonated, rather than asked for tokens.</summary>
    public bool Impersonate { get; init; }

    /// <summary>Controllers and scheduler each run only while they hold upstream's leases, so that others of their kind may stand by, upstream's own included.</summary>
    public bool ElectLeaders { get; init; } = true;

    /// <summary>The authority that pods are told to trust, in PEM; null leaves that to others.</summary>
    public string? RootAuthority { get; init; }

    /// <summary>Signs requests for certificates; null leaves that to others.</summary>
    public CertificateAuthority? Signer { get; init; }

    /// <summary>Where nodes' ranges of pod addresses are taken from; null leaves that to others.</summary>
    public IPNetwork? PodRange { get; init; }
    public TimeProvider Clock { get; init; } = TimeProvider.System;
    public Random Random { get; init; } = new();
    public MetricRegistry Metrics { get; init; } = new();
    public Action<LogEntry> Log { get; init; } = static _ => { };
}
