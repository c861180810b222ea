using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Kinds.AdmissionRegistration.V1;

/// <summary>Webhooks that may refuse what is about to be written.</summary>
[Kind("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", Namespaced = false, Categories = ["api-extensions"], Generation = true,
    UnconditionalUpdate = false, Rules = typeof(ValidatingWebhookConfigurationRules))]
public sealed partial class ValidatingWebhookConfiguration
{
    /// <summary>The object's identity: name, labels, annotations, and what the server keeps of it.</summary>
    [Field(1)]
    public ObjectMeta Metadata { get; set; } = new();

    /// <summary>The webhooks.</summary>
    [Field(2), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<ValidatingWebhook>? Webhooks { get; set; }
}

/// <summary>A service outside of the API server that accepts or refuses what is about to be written.</summary>
[ApiType]
public sealed partial class ValidatingWebhook
{
    /// <summary>A full domain name, unique in the configuration: imagepolicy.example.com.</summary>
    [Field(1), Required]
    public string Name { get; set; } = "";

    /// <summary>How the webhook is reached.</summary>
    [Field(2), Required]
    public WebhookClientConfig ClientConfig { get; set; } = new();

    /// <summary>About which operations it is asked. Webhook configurations and policies of admission themselves are never sent.</summary>
    [Field(3), ListType("atomic")]
    public List<RuleWithOperations>? Rules { get; set; }

    /// <summary>Fail or Ignore: what becomes of a request when the webhook cannot be asked. Fail unless given.</summary>
    [Field(4), Default("Fail")]
    public string? FailurePolicy { get; set; }

    /// <summary>Exact: as the request names its resource. Equivalent: or as another group or version names the same. Equivalent unless given.</summary>
    [Field(9), Default("Equivalent")]
    public string? MatchPolicy { get; set; }

    /// <summary>Labels of the object's namespace, or of the namespace that is the object. What is outside of namespaces is not asked for it.</summary>
    [Field(5)]
    public LabelSelector? NamespaceSelector { get; set; }

    /// <summary>Labels of the object, before or after the change.</summary>
    [Field(10)]
    public LabelSelector? ObjectSelector { get; set; }

    /// <summary>None, or NoneOnDryRun: whether asking changes anything elsewhere.</summary>
    [Field(6), Required]
    public string? SideEffects { get; set; }

    /// <summary>For how many seconds the answer is awaited, 1 to 30. 10 unless given.</summary>
    [Field(7), Default(10)]
    public int? TimeoutSeconds { get; set; }

    /// <summary>Versions of AdmissionReview that the webhook understands, the best first.</summary>
    [Field(8), Required, ListType("atomic")]
    public List<string>? AdmissionReviewVersions { get; set; }

    /// <summary>Conditions that must all hold for the webhook to be asked. At most 64.</summary>
    [Field(11), ListType("map", "name"), Patch("merge", MergeKey = "name")]
    public List<MatchCondition>? MatchConditions { get; set; }
}
