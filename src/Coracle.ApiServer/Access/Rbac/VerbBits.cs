namespace Coracle.ApiServer.Access;

/// <summary>The usual verbs as bits, so that most rules of a role are passed over with one comparison.</summary>
internal static class VerbBits
{
    public const uint All = uint.MaxValue;

    /// <summary>Stands for every verb without a bit of its own; those are compared by name.</summary>
    public const uint Other = 1u << 31;

    public static uint Of(string verb) => verb switch
    {
        "get" => 1 << 0,
        "list" => 1 << 1,
        "watch" => 1 << 2,
        "create" => 1 << 3,
        "update" => 1 << 4,
        "patch" => 1 << 5,
        "delete" => 1 << 6,
        "deletecollection" => 1 << 7,
        "proxy" => 1 << 8,
        "impersonate" => 1 << 9,
        "bind" => 1 << 10,
        "escalate" => 1 << 11,
        "approve" => 1 << 12,
        "sign" => 1 << 13,
        "use" => 1 << 14,
        "post" => 1 << 15,
        "put" => 1 << 16,
        "head" => 1 << 17,
        "options" => 1 << 18,
        "*" => All,
        _ => Other,
    };
}
