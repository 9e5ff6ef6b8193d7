namespace Tsds.Jobs.Export;

/// <summary>The way in which a trainer learns the meaning of the names of roles.</summary>
internal enum RoleNaming
{
    /// <summary>It knows some names, and is told nothing.</summary>
    Fixed,

    /// <summary>Its configuration names one for each role.</summary>
    OnePerRole,

    /// <summary>Its configuration may name any number for each role.</summary>
    Mapped,
}
