using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.ApiRegistration.V1;

/// <summary>A version of an API group and who serves it. Its name is version.group.</summary>
[Kind("apiregistration.k8s.io/v1", "APIService", "apiservices", Namespaced = false, Categories = ["api-extensions"], Status = true,
    UnconditionalUpdate = false, Rules = typeof(APIServiceRules))]
public sealed partial class APIService
{
    /// <summary>The object's identity: name, namespace, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The group's version and who serves it.</summary>
    [Field(2)]
    public APIServiceSpec Spec { get; set; } = new();

    /// <summary>Whether it can be reached.</summary>
    [Field(3)]
    public APIServiceStatus Status { get; set; } = new();
}

/// <summary>A version of an API group and who serves it.</summary>
[ApiType]
public sealed partial class APIServiceSpec
{
    /// <summary>The service that serves it; absent when this server does so itself.</summary>
    [Field(1)]
    public ServiceReference? Service { get; set; }

    /// <summary>The group.</summary>
    [Field(2)]
    public string Group { get; set; } = "";

    /// <summary>The version.</summary>
    [Field(3)]
    public string Version { get; set; } = "";

    /// <summary>The service's certificate is not checked. Better not.</summary>
    [Field(4)]
    public bool InsecureSkipTLSVerify { get; set; }

    /// <summary>The authorities, as PEM blocks, by which the service's certificate is checked; the system's unless given.</summary>
    [Field(5), ListType("atomic")]
    public byte[]? CaBundle { get; set; }

    /// <summary>Clients prefer groups with a greater number: 1 to 20000. The greatest of a group's versions counts.</summary>
    [Field(7), Required]
    public int GroupPriorityMinimum { get; set; }

    /// <summary>Clients prefer versions with a greater number: 1 to 1000; then by what they are called, v2 before v1 before v1beta1.</summary>
    [Field(8), Required]
    public int VersionPriority { get; set; }
}

/// <summary>Names a service.</summary>
[ApiType]
public sealed partial class ServiceReference
{
    /// <summary>Its namespace.</summary>
    [Field(1)]
    public string Namespace { get; set; } = "";

    /// <summary>Its name.</summary>
    [Field(2)]
    public string Name { get; set; } = "";

    /// <summary>Its port. 443 unless given.</summary>
    [Field(3), Default(443)]
    public int? Port { get; set; }
}

/// <summary>Whether a version of an API group can be reached.</summary>
[ApiType]
public sealed partial class APIServiceStatus
{
    /// <summary>Available.</summary>
    [Field(1), ListType("map", "type"), Patch("merge", MergeKey = "type")]
    public List<APIServiceCondition>? Conditions { get; set; }
}

/// <summary>One aspect of how an API service does.</summary>
[ApiType]
public sealed partial class APIServiceCondition
{
    /// <summary>The aspect: Available.</summary>
    [Field(1), Required]
    public string Type { get; set; } = "";

    /// <summary>True, False or Unknown.</summary>
    [Field(2), Required]
    public string Status { get; set; } = "";

    /// <summary>When the status last changed from one value to another.</summary>
    [Field(3, Always = true)]
    public DateTimeOffset? LastTransitionTime { get; set; }

    /// <summary>One word in CamelCase that says why, for programs.</summary>
    [Field(4)]
    public string Reason { get; set; } = "";

    /// <summary>What is going on, in words for people.</summary>
    [Field(5)]
    public string Message { get; set; } = "";
}
