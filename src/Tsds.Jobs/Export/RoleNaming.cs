namespace Tsds.Jobs.Export;

/// <summary>The way in which a trainer learns the meaning of the names of roles.</summary>
internal enum RoleNaming
{
    /// <summary>The trainer knows some names, and its configuration names none.</summary>
    Fixed,

    /// <summary>The configuration names one for each role.</summary>
    OnePerRole,

    /// <summary>The configuration may name any number for each role.</summary>
    Mapped,
}
