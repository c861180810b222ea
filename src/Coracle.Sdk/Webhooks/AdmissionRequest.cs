using Coracle.Kinds.Authentication.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>A request that a webhook is asked about (admission.k8s.io/v1 AdmissionRequest).</summary>
public sealed record AdmissionRequest
{
    /// <summary>Tells this question apart from all others, and is repeated in the answer.</summary>
    public string Uid { get; init; } = "";

    /// <summary>The kind of <see cref="Object"/>, in the version that the webhook asked for.</summary>
    public GroupVersionKind Kind { get; init; }

    /// <summary>The resource, in the version that the webhook asked for.</summary>
    public GroupVersionResource Resource { get; init; }

    /// <summary>"status", "scale"...; "" for the object itself.</summary>
    public string SubResource { get; init; } = "";

    /// <summary>Kind, resource and sub-resource as the client named them.</summary>
    public GroupVersionKind RequestKind { get; init; }
    public GroupVersionResource RequestResource { get; init; }
    public string RequestSubResource { get; init; } = "";

    /// <summary>"" for a creation whose name the server is yet to make.</summary>
    public string Name { get; init; } = "";

    /// <summary>"" outside of namespaces.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>One of <see cref="AdmissionOperation"/>.</summary>
    public string Operation { get; init; } = "";

    /// <summary>Who asks for it.</summary>
    public UserInfo User { get; init; } = new();

    /// <summary>The object as it will be, in JSON; empty for deletions.</summary>
    public ReadOnlyMemory<byte> Object { get; init; }

    /// <summary>The object as it is, in JSON; empty for creations and connections.</summary>
    public ReadOnlyMemory<byte> OldObject { get; init; }

    /// <summary>CreateOptions, UpdateOptions or DeleteOptions in JSON; empty for connections.</summary>
    public ReadOnlyMemory<byte> Options { get; init; }

    /// <summary>Nothing will be written: whoever answers must change nothing elsewhere.</summary>
    public bool DryRun { get; init; }

    /// <summary>The object's place.</summary>
    public Key Key => new(Namespace, Name);
}

/// <summary>A resource in one version of its group.</summary>
public readonly record struct GroupVersionResource(string Group, string Version, string Resource);

/// <summary>What <see cref="AdmissionRequest.Operation"/> may be.</summary>
public static class AdmissionOperation
{
    public const string Create = "CREATE";
    public const string Update = "UPDATE";
    public const string Delete = "DELETE";
    public const string Connect = "CONNECT";
}
