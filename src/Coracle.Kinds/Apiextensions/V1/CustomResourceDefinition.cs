using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

[assembly: DefinitionPackage("Coracle.Kinds.Apiextensions.V1", "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1")]

namespace Coracle.Kinds.Apiextensions.V1;

/// <summary>A kind of the users' own: its names, its versions with their schemas, and how it is served. Named plural.group.</summary>
[Kind("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", ShortNames = ["crd", "crds"], Categories = ["api-extensions"],
    Namespaced = false, Status = true, Generation = true, UnconditionalUpdate = false, Rules = typeof(CustomResourceDefinitionRules))]
public sealed partial class CustomResourceDefinition
{
    /// <summary>The object's identity: name, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is to be served.</summary>
    [Field(2), Required]
    public CustomResourceDefinitionSpec Spec { get; set; } = new();

    /// <summary>What is being served.</summary>
    [Field(3)]
    public CustomResourceDefinitionStatus Status { get; set; } = new();
}

/// <summary>How a kind is to be served.</summary>
[ApiType]
public sealed partial class CustomResourceDefinitionSpec
{
    /// <summary>The API group, a domain: objects are served below /apis/GROUP. Cannot be changed.</summary>
    [Field(1), Required]
    public string Group { get; set; } = "";

    /// <summary>What the kind and its resource are called.</summary>
    [Field(3), Required]
    public CustomResourceDefinitionNames Names { get; set; } = new();

    /// <summary>Namespaced, or Cluster for objects outside of namespaces.</summary>
    [Field(4), Required]
    public string Scope { get; set; } = "";

    /// <summary>All versions, served or not. One of them is the one that is stored.</summary>
    [Field(7), Required, ListType("atomic")]
    public List<CustomResourceDefinitionVersion>? Versions { get; set; }

    /// <summary>How objects of one version become objects of another.</summary>
    [Field(9)]
    public CustomResourceConversion? Conversion { get; set; }

    /// <summary>An old way to keep fields that no schema names. New definitions must leave it false.</summary>
    [Field(10)]
    public bool PreserveUnknownFields { get; set; }
}

/// <summary>What a kind and its resource are called.</summary>
[ApiType]
public sealed partial class CustomResourceDefinitionNames
{
    /// <summary>The resource in paths, in lower case: /apis/GROUP/VERSION/.../PLURAL.</summary>
    [Field(1), Required]
    public string Plural { get; set; } = "";

    /// <summary>The resource for one object, in lower case. The kind in lower case unless given.</summary>
    [Field(2)]
    public string Singular { get; set; } = "";

    /// <summary>Short forms that clients may use, in lower case.</summary>
    [Field(3), ListType("atomic")]
    public List<string>? ShortNames { get; set; }

    /// <summary>The kind as objects name it, in CamelCase and singular.</summary>
    [Field(4), Required]
    public string Kind { get; set; } = "";

    /// <summary>The kind of lists. The kind and "List" unless given.</summary>
    [Field(5)]
    public string ListKind { get; set; } = "";

    /// <summary>Groups of resources that clients list together, such as "all".</summary>
    [Field(6), ListType("atomic")]
    public List<string>? Categories { get; set; }
}

/// <summary>How objects of one version become objects of another.</summary>
[ApiType]
public sealed partial class CustomResourceConversion
{
    /// <summary>None changes the apiVersion alone; Webhook asks a server.</summary>
    [Field(1), Required]
    public string Strategy { get; set; } = "";

    /// <summary>Whom to ask. For Webhook alone.</summary>
    [Field(2)]
    public WebhookConversion? Webhook { get; set; }
}

/// <summary>A server that converts.</summary>
[ApiType]
public sealed partial class WebhookConversion
{
    /// <summary>Where it is.</summary>
    [Field(2)]
    public WebhookClientConfig? ClientConfig { get; set; }

    /// <summary>Versions of ConversionReview that it understands, the preferred one first.</summary>
    [Field(3), Required, ListType("atomic")]
    public List<string>? ConversionReviewVersions { get; set; }
}

/// <summary>Where a webhook is: a URL or a service.</summary>
[ApiType]
public sealed partial class WebhookClientConfig
{
    /// <summary>https://HOST:PORT/PATH, without user, fragment or query.</summary>
    [Field(3)]
    public string? Url { get; set; }

    /// <summary>A service of the cluster.</summary>
    [Field(1)]
    public ServiceReference? Service { get; set; }

    /// <summary>Certificates in PEM that the server's must be signed by; those of the system unless given.</summary>
    [Field(2)]
    public byte[]? CaBundle { get; set; }
}

/// <summary>A path of a service.</summary>
[ApiType]
public sealed partial class ServiceReference
{
    /// <summary>The service's namespace.</summary>
    [Field(1), Required]
    public string Namespace { get; set; } = "";

    /// <summary>The service's name.</summary>
    [Field(2), Required]
    public string Name { get; set; } = "";

    /// <summary>The path of requests.</summary>
    [Field(3)]
    public string? Path { get; set; }

    /// <summary>The service's port. 443 unless given.</summary>
    [Field(4), Default(443)]
    public int? Port { get; set; }
}

/// <summary>One version of a kind.</summary>
[ApiType]
public sealed partial class CustomResourceDefinitionVersion
{
    /// <summary>The version: v1, v1beta2.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>Clients may use it.</summary>
    [Field(2), Required]
    public bool Served { get; set; }

    /// <summary>Objects are stored in it. True of exactly one version.</summary>
    [Field(3), Required]
    public bool Storage { get; set; }

    /// <summary>Clients that use it are warned.</summary>
    [Field(7)]
    public bool Deprecated { get; set; }

    /// <summary>In these words instead of the usual ones.</summary>
    [Field(8)]
    public string? DeprecationWarning { get; set; }

    /// <summary>What objects look like.</summary>
    [Field(4, Name = "schema")]
    public CustomResourceValidation? Validation { get; set; }

    /// <summary>Status and scale, where objects have them.</summary>
    [Field(5)]
    public CustomResourceSubresources? Subresources { get; set; }

    /// <summary>Columns of tables beside the name. The age alone unless given.</summary>
    [Field(6), ListType("atomic")]
    public List<CustomResourceColumnDefinition>? AdditionalPrinterColumns { get; set; }

    /// <summary>Fields that field selectors may name, at most eight.</summary>
    [Field(9), ListType("atomic")]
    public List<SelectableField>? SelectableFields { get; set; }
}

/// <summary>A field that field selectors may name.</summary>
[ApiType]
public sealed partial class SelectableField
{
    /// <summary>Where it is: ".spec.color". Not in metadata, and not in lists.</summary>
    [Field(1), Required]
    public string JsonPath { get; set; } = "";
}

/// <summary>A column of a table.</summary>
[ApiType]
public sealed partial class CustomResourceColumnDefinition
{
    /// <summary>Its head.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>integer, number, string, boolean or date.</summary>
    [Field(2), Required]
    public string Type { get; set; } = "";

    /// <summary>A format of OpenAPI that says more of the type.</summary>
    [Field(3)]
    public string Format { get; set; } = "";

    /// <summary>What it shows, in words.</summary>
    [Field(4)]
    public string Description { get; set; } = "";

    /// <summary>0 is always shown, more where there is room (-o wide).</summary>
    [Field(5)]
    public int Priority { get; set; }

    /// <summary>Where the cell is in the object: ".spec.replicas".</summary>
    [Field(6), Required]
    public string JsonPath { get; set; } = "";
}

/// <summary>What objects look like.</summary>
[ApiType]
public sealed partial class CustomResourceValidation
{
    /// <summary>Their schema, which is structural: what is not named there is dropped.</summary>
    [Field(1, Name = "openAPIV3Schema")]
    public JSONSchemaProps? OpenAPIV3Schema { get; set; }
}

/// <summary>What else is served of an object.</summary>
[ApiType]
public sealed partial class CustomResourceSubresources
{
    /// <summary>The status is written on its own.</summary>
    [Field(1)]
    public CustomResourceSubresourceStatus? Status { get; set; }

    /// <summary>Objects can be scaled.</summary>
    [Field(2)]
    public CustomResourceSubresourceScale? Scale { get; set; }
}

/// <summary>There is nothing to say of a status beyond that there is one.</summary>
[ApiType]
public sealed partial class CustomResourceSubresourceStatus
{
}

/// <summary>Where the fields of a scale are.</summary>
[ApiType]
public sealed partial class CustomResourceSubresourceScale
{
    /// <summary>The number that is wanted, under .spec.</summary>
    [Field(1), Required]
    public string SpecReplicasPath { get; set; } = "";

    /// <summary>The number that there are, under .status.</summary>
    [Field(2), Required]
    public string StatusReplicasPath { get; set; } = "";

    /// <summary>The selector of what is scaled as text, under .spec or .status. Autoscalers need it.</summary>
    [Field(3)]
    public string? LabelSelectorPath { get; set; }
}

/// <summary>What is being served of a kind.</summary>
[ApiType]
public sealed partial class CustomResourceDefinitionStatus
{
    /// <summary>How the definition does: NamesAccepted, Established, Terminating and others.</summary>
    [Field(1, Always = true), ListType("map", "type")]
    public List<CustomResourceDefinitionCondition>? Conditions { get; set; }

    /// <summary>The names that are in use, which may be older than those that are wanted.</summary>
    [Field(2)]
    public CustomResourceDefinitionNames AcceptedNames { get; set; } = new();

    /// <summary>Versions in which objects may have been stored. One can leave the spec only after it has left here.</summary>
    [Field(3, Always = true), ListType("atomic")]
    public List<string>? StoredVersions { get; set; }

    /// <summary>The generation of the definition that this status reflects.</summary>
    [Field(4)]
    public long ObservedGeneration { get; set; }
}

/// <summary>One aspect of how a definition does.</summary>
[ApiType]
public sealed partial class CustomResourceDefinitionCondition
{
    /// <summary>The aspect.</summary>
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

    /// <summary>The generation of the definition that this reflects.</summary>
    [Field(6)]
    public long ObservedGeneration { get; set; }
}
