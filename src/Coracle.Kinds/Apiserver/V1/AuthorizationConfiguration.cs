using Coracle.Schema;

namespace Coracle.Kinds.Apiserver.V1;

/// <summary>Who decides about requests, in order: a file, not an object of the API (apiserver.config.k8s.io).</summary>
[ApiType]
public sealed partial class AuthorizationConfiguration
{
    /// <summary>apiserver.config.k8s.io/v1.</summary>
    [Field(1)]
    public string ApiVersion { get; set; } = "";

    /// <summary>AuthorizationConfiguration.</summary>
    [Field(2)]
    public string Kind { get; set; } = "";

    /// <summary>Asked one after the other, until one decides.</summary>
    [Field(3)]
    public List<AuthorizerConfiguration>? Authorizers { get; set; }
}

/// <summary>One who decides.</summary>
[ApiType]
public sealed partial class AuthorizerConfiguration
{
    /// <summary>Node, RBAC, Webhook, AlwaysAllow or AlwaysDeny.</summary>
    [Field(1)]
    public string Type { get; set; } = "";

    /// <summary>As it is counted; a DNS subdomain.</summary>
    [Field(2)]
    public string Name { get; set; } = "";

    /// <summary>How to ask, of a Webhook.</summary>
    [Field(3)]
    public AuthorizationWebhook? Webhook { get; set; }
}

/// <summary>How a webhook is asked, and what its silence means.</summary>
[ApiType]
public sealed partial class AuthorizationWebhook
{
    /// <summary>How long an allowance is remembered; 5m when absent.</summary>
    [Field(1)]
    public string? AuthorizedTTL { get; set; }

    /// <summary>Whether allowances are remembered; true when absent.</summary>
    [Field(2)]
    public bool? CacheAuthorizedRequests { get; set; }

    /// <summary>How long it is remembered that something is not allowed; 30s when absent.</summary>
    [Field(3)]
    public string? UnauthorizedTTL { get; set; }

    /// <summary>Whether that is remembered; true when absent.</summary>
    [Field(4)]
    public bool? CacheUnauthorizedRequests { get; set; }

    /// <summary>How long an answer may take, up to 30s.</summary>
    [Field(5)]
    public string? Timeout { get; set; }

    /// <summary>The version of what is sent: v1 or v1beta1.</summary>
    [Field(6)]
    public string SubjectAccessReviewVersion { get; set; } = "";

    /// <summary>The version that the conditions see: v1.</summary>
    [Field(7)]
    public string MatchConditionSubjectAccessReviewVersion { get; set; } = "";

    /// <summary>What a failure means: NoOpinion or Deny.</summary>
    [Field(8)]
    public string FailurePolicy { get; set; } = "";

    /// <summary>Where it is.</summary>
    [Field(9)]
    public WebhookConnectionInfo ConnectionInfo { get; set; } = new();

    /// <summary>It is asked only if all of these hold; 64 at most.</summary>
    [Field(10)]
    public List<WebhookMatchCondition>? MatchConditions { get; set; }
}

/// <summary>Where a webhook is.</summary>
[ApiType]
public sealed partial class WebhookConnectionInfo
{
    /// <summary>KubeConfigFile or InClusterConfig.</summary>
    [Field(1)]
    public string Type { get; set; } = "";

    /// <summary>The absolute path of a kubeconfig whose cluster is the webhook and whose user we are there.</summary>
    [Field(2)]
    public string? KubeConfigFile { get; set; }
}

/// <summary>A condition under which a webhook is asked.</summary>
[ApiType]
public sealed partial class WebhookMatchCondition
{
    /// <summary>In CEL, over "request": the spec of the SubjectAccessReview.</summary>
    [Field(1)]
    public string Expression { get; set; } = "";
}
